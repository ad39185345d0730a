import SansIO

/// Virtual time, in milliseconds from the beginning of a test.
func at(_ milliseconds: Int64) -> Instant { .zero + .milliseconds(milliseconds) }
