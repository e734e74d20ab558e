// TCP segments of a cell and what they weigh on IP level. Sizes: 20 bytes of IPv4 head (RFC 791),
// 20 of TCP (RFC 9293 section 3.1), 12 of timestamps (RFC 7323 section 3.2, padded), so that an
// Ethernet frame of 1,500 bytes has room for 1,448 of data; SYN and SYN-ACK carry 40 bytes of TCP
// head with their options. A run is what one side sends at a time. An answer within the delayed
// acknowledgement of Linux (40 ms, TCP_DELACK_MIN) acknowledges a run of one segment, else a
// segment of its own does. A longer run is acknowledged at once, on one host once for each 64 KiB
// that offload hands over in one piece; a network card may split it, and a young connection
// acknowledges every segment (RFC 1122 section 4.2.3.2 asks for every second one, RFC 5681 section
// 4.2): so the number of pure acknowledgements has bounds of its own. Pure.
#pragma once

namespace pushbench::model {

inline constexpr double kSegmentData = 1448;
inline constexpr double kSegmentHeads = 52;
inline constexpr double kSynHeads = 60;
inline constexpr double kDelayedAck = 0.040;  // s
inline constexpr double kOffload = 45;        // segments: 64 KiB of data

// How many of something, with bounds that hold it.
struct Amount {
  double mean = 0, low = 0, high = 0;
  Amount times(double by) const { return {mean * by, low * by, high * by}; }
  Amount& operator+=(const Amount& other) {
    mean += other.mean;
    low += other.low;
    high += other.high;
    return *this;
  }
};

double data_segments(double bytes);

// Data segments of a run and the pure acknowledgements that it causes.
Amount run_segments(double bytes, bool answered_soon);

// Opening: SYN, SYN-ACK, ACK. End: FIN and ACK of both sides; one ACK may travel with a FIN.
Amount opening_segments();
Amount ending_segments();

// Questions and answers of polling or long-polling.
struct AskedRuns {
  double requests = 0;
  double request_bytes = 0;  // of one
  double slow_share = 0;     // of the requests: answered later than an acknowledgement waits
  bool asks_again_soon = false;
  bool new_connections = false;  // one for each
  double empty_answers = 0;
  double empty_bytes = 0;  // of one
  Amount full_answers;     // all of them, made by answer_segments()
};
Amount answer_segments(double bytes, const AskedRuns& runs);
Amount asked_segments(const AskedRuns& runs);

}  // namespace pushbench::model
