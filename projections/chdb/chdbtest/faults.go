package chdbtest

// CutPoint is when a connection of the native protocol is cut.
type CutPoint int

// The points at which a connection is cut.
const (
	// DuringInsert: rows have come in, and their end has not.
	DuringInsert CutPoint = iota
	// AfterInsert: the rows are written, and nobody has been told.
	AfterInsert
	// DuringAnswer: the client has the columns of an answer, and no rows yet.
	DuringAnswer
)

// Cut cuts the connection of the next n statements that come to the point.
func (s *Server) Cut(n int, m CutPoint) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cuts[m] += n
}

// Cuts returns how many connections are still to be cut at the point.
func (s *Server) Cuts(m CutPoint) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.cuts[m]
}

// cut reports whether a connection is to be cut now.
func (s *Server) cut(m CutPoint) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cuts[m] == 0 {
		return false
	}
	s.cuts[m]--
	return true
}
