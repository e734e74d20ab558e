// What a sans-I/O parser says after it looked at the bytes it was given. All parsers of this room
// are pulled: `next(input, item)` consumes from the front of `input` until it has one item or no
// bytes are left. Views in an item stay valid until the next call, or until the bytes behind
// `input` go, whichever comes first.
#pragma once

namespace pushbench::wire {

enum class Parsed {
  kNeedMore,  // all input consumed (or kept), nothing complete yet
  kItem,      // one item; call again, more may wait in the input
  kEnd,       // the message or stream is over; what is left of the input belongs to the next one
  kError,     // error() says why; the connection cannot be used any further
};

}  // namespace pushbench::wire
