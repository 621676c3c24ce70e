package esdb

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"

	"aftersales-ledger/eventstore"
)

// Nothing of a ledger is ever deleted, but whoever runs the server can hide
// events of a stream by its metadata, delete it so that it seems to be a new one,
// or bury it. The server tells of that in events of its own: $metadata on the
// stream of the stream's name after "$$", $streamDeleted on the stream itself.
const (
	metadataType  = "$metadata"
	tombstoneType = "$streamDeleted"
	metadataOf    = "$$"
)

// softly is the $tb of a stream that was deleted and not written to since.
const softly = 1<<63 - 1

// cuts are the streams of which it is known that something was taken away.
type cuts struct {
	mu       sync.Mutex
	byStream map[string]eventstore.Truncation
}

// Cuts returns what operators are known to have done to streams of ours: what
// passed in subscriptions and what reads have met.
func (s *Store) Cuts() []eventstore.Truncation {
	s.cuts.mu.Lock()
	defer s.cuts.mu.Unlock()
	list := make([]eventstore.Truncation, 0, len(s.cuts.byStream))
	for _, c := range s.cuts.byStream {
		list = append(list, c)
	}
	return list
}

// whole fails with a CutError if a stream is known to be cut.
func (s *Store) whole(stream string) error {
	s.cuts.mu.Lock()
	defer s.cuts.mu.Unlock()
	if c, is := s.cuts.byStream[stream]; is {
		return &eventstore.CutError{Truncation: c}
	}
	return nil
}

// Whole implements [eventstore.Operated].
func (s *Store) Whole(ctx context.Context, stream string) error {
	if err := s.missing(ctx, stream); err != nil {
		return fmt.Errorf("read the metadata of stream %q: %w", stream, err)
	}
	return nil
}

// noteCut takes notice of a cut, tells people of it once, and returns its error.
func (s *Store) noteCut(c eventstore.Truncation) error {
	s.cuts.mu.Lock()
	was, known := s.cuts.byStream[c.Stream]
	if s.cuts.byStream == nil {
		s.cuts.byStream = make(map[string]eventstore.Truncation)
	}
	s.cuts.byStream[c.Stream] = c
	s.cuts.mu.Unlock()
	if !known || was.What != c.What {
		s.log.Error("event log: an operator has taken events of a stream away", "stream", c.Stream, "what", c.What,
			"position", uint64(c.Position), "at", c.At)
	}
	return &eventstore.CutError{Truncation: c}
}

// noteWhole takes notice that a stream's metadata hides nothing any more.
func (s *Store) noteWhole(stream string) {
	s.cuts.mu.Lock()
	_, was := s.cuts.byStream[stream]
	delete(s.cuts.byStream, stream)
	s.cuts.mu.Unlock()
	if was {
		s.log.Info("event log: nothing of the stream is hidden any more", "stream", stream)
	}
}

// operated takes notice of one of the server's own events, as it passes.
func (s *Store) operated(e eventstore.Recorded) {
	of, described := strings.CutPrefix(e.Stream, metadataOf)
	switch {
	case described && e.Type == metadataType:
		if of, ours := s.own(of); ours {
			if what := hides(e.Data); what != "" {
				_ = s.noteCut(eventstore.Truncation{Stream: of, What: what, Position: e.Position, At: e.RecordedAt})
			} else {
				s.noteWhole(of)
			}
		}
	case e.Type == tombstoneType && !strings.HasPrefix(e.Stream, "$"): // it stands on one of ours
		_ = s.noteCut(eventstore.Truncation{Stream: e.Stream, What: tombstone, Position: e.Position, At: e.RecordedAt})
	}
}

const tombstone = "a tombstone: it was deleted for good"

// hides says what of a stream's metadata takes events away; nothing if none does.
func hides(metadata []byte) string {
	var m struct {
		MaxCount       *json.Number `json:"$maxCount"`
		MaxAge         *json.Number `json:"$maxAge"`
		TruncateBefore *json.Number `json:"$tb"`
	}
	if json.Unmarshal(metadata, &m) != nil {
		return ""
	}
	var what []string
	if m.MaxCount != nil {
		what = append(what, "$maxCount "+m.MaxCount.String())
	}
	if m.MaxAge != nil {
		what = append(what, "$maxAge "+m.MaxAge.String())
	}
	switch {
	case m.TruncateBefore == nil || m.TruncateBefore.String() == "0":
	case m.TruncateBefore.String() == fmt.Sprint(softly):
		what = append(what, "a soft delete")
	default:
		what = append(what, "$tb "+m.TruncateBefore.String())
	}
	return strings.Join(what, ", ")
}

// missing answers a read that shows less of a stream than there was: with what
// its metadata says of it, or nil if that hides nothing.
func (s *Store) missing(ctx context.Context, stream string) error {
	for e, err := range s.readRaw(ctx, metadataOf+s.prefix+stream, eventstore.EndOfStream, eventstore.Backwards, 1) {
		switch {
		case errors.Is(err, eventstore.ErrStreamNotFound):
			return nil
		case err != nil:
			return err
		}
		if what := hides(e.Data); what != "" {
			return s.noteCut(eventstore.Truncation{Stream: stream, What: what, Position: e.Position, At: e.RecordedAt})
		}
	}
	s.noteWhole(stream)
	return nil
}

// cutAway is the answer where events before a revision are not shown, whatever
// the stream's metadata say by now.
func (s *Store) cutAway(ctx context.Context, stream string, first eventstore.Revision) error {
	if err := s.missing(ctx, stream); err != nil {
		return err
	}
	return s.noteCut(eventstore.Truncation{Stream: stream, What: fmt.Sprintf("the events before revision %d are missing", first)})
}

// buried answers a call on a stream with a tombstone.
func (s *Store) buried(stream string, err error) error {
	if f := (*failure)(nil); errors.As(err, &f) && f.buried {
		return s.noteCut(eventstore.Truncation{Stream: stream, What: tombstone})
	}
	return err
}

// Beside is what the names of streams begin with that a ledger keeps beside the
// trade's, on the same server: they are another store's.
const Beside = "door."

// own returns our name of a stream, if it is one of ours.
func (s *Store) own(name string) (stream string, ours bool) {
	if strings.HasPrefix(name, Beside) && !strings.HasPrefix(s.prefix, Beside) {
		return "", false
	}
	stream, ours = strings.CutPrefix(name, s.prefix)
	return stream, ours && stream != "" && !strings.HasPrefix(name, "$")
}
