package edge

import (
	"net/http"
	"strings"
	"time"
)

// paced writes an answer only as long as its reader takes it: an answer stays in
// memory until it is taken.
type paced struct {
	http.ResponseWriter
	control *http.ResponseController
	bounds  *Bounds
	begun   time.Time // when the first of it was written
	written int
}

// piece is how much is written under one deadline.
const piece = 32 << 10

func (p *paced) Write(b []byte) (n int, err error) {
	if p.begun.IsZero() {
		p.begun = time.Now()
	}
	for first := true; err == nil && (len(b) > 0 || first); first = false {
		part := b[:min(len(b), piece)]
		b = b[len(part):]
		p.allow(len(part))
		var took int
		took, err = p.ResponseWriter.Write(part)
		n += took
	}
	return n, err
}

// allow sets until when the next bytes are to be taken: within a stall, and in
// all at the least pace. A stream of events is as slow as what happens: it has
// the stall only.
func (p *paced) allow(bytes int) {
	until := time.Now().Add(p.bounds.Stall)
	if !strings.HasPrefix(p.Header().Get("Content-Type"), "text/event-stream") {
		p.written += bytes
		inAll := p.begun.Add(p.bounds.Stall + time.Duration(p.written)*time.Second/time.Duration(p.bounds.Pace))
		if inAll.Before(until) {
			until = inAll
		}
	}
	_ = p.control.SetWriteDeadline(until)
}

// Flush implements [http.Flusher].
func (p *paced) Flush() {
	p.allow(0)
	_ = p.control.Flush()
}

// Unwrap lets a response controller reach the connection.
func (p *paced) Unwrap() http.ResponseWriter { return p.ResponseWriter }
