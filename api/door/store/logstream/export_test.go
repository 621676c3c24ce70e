package logstream

// Shorten has a stream continued after so many writes.
func (s *Store) Shorten(writes int) { s.longest = writes }

// Stream is the one that is written to.
func (s *Store) Stream() string { return s.stream }
