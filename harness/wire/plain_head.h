// The short way through a request head, for the heads that nearly all clients send: HTTP/1.1, GET,
// HEAD or POST, a path, no field twice that is known here, no coding, no expectation, Connection
// and Upgrade with their usual values. One pass over the bytes. It never refuses: what is not
// plain, is incomplete or is wrong goes the thorough way of http_head.h, which decides alone what
// is answered. So it may be as narrow as it likes, but must never take what that way would not, nor
// read it differently. Syntax: RFC 9112 sections 3 and 5. Views point into the input.
#pragma once

#include "harness/wire/http_head.h"

#include <string_view>

namespace pushbench::wire {

// REQUIRES: `head` is as made. True: it is filled, `size` included. False: it is as made.
bool parse_plain_head(std::string_view input, RequestHead& head) noexcept;

}  // namespace pushbench::wire
