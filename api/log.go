package api

import (
	"context"
	"time"

	"aftersales-ledger/api/kit"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/projections"
)

type logInput struct {
	After uint64 `query:"after" doc:"Position; events after it. Default: from the beginning"`
	Limit int    `query:"limit" minimum:"1" maximum:"5000" default:"1000" doc:"At most so many; fewer where they are long"`
}

// LogEvent is one event as it was recorded. Data and metadata are the exact
// text, which the digests are taken over.
type LogEvent struct {
	Position   uint64 `json:"position"`
	Stream     string `json:"stream"`
	Revision   int64  `json:"revision"`
	ID         string `json:"id"`
	Type       string `json:"type"`
	Data       string `json:"data" doc:"JSON"`
	Metadata   string `json:"metadata" doc:"JSON: who, by which command, and a digest over this and all events before it in the stream"`
	RecordedAt string `json:"recordedAt"`
}

// LogBody is a part of the log.
type LogBody struct {
	Events []LogEvent `json:"events"`
	Next   uint64     `json:"next,omitempty" doc:"The after of the next part; absent at the end of the log"`
}

type streamsInput struct {
	Names []string `query:"name,explode" required:"true" minItems:"1" maxItems:"200" doc:"Names of streams; may be given more than once"`
	UpTo  uint64   `query:"upTo" required:"true" doc:"Position; events after it do not count"`
}

// LogStream is what a stream shows when it is read as a stream, which is how
// commands read it, and not as a part of the log.
type LogStream struct {
	Stream string `json:"stream"`
	Events int64  `json:"events"`
	Digest string `json:"digest,omitempty" doc:"Of the last of them"`
	Cut    string `json:"cut,omitempty" doc:"What an operator of the event log did to it; absent if it is whole"`
}

// LogStreamsBody is what streams show, in the order they were asked for.
type LogStreamsBody struct {
	Streams []LogStream `json:"streams"`
}

func (s *service) log() {
	kit.Query(s.Service, "/v1/log/streams", "log-streams", "What streams show when they are read as streams", kit.MayReadLog,
		func(ctx context.Context, in *streamsInput) (out LogStreamsBody, err error) {
			shown, err := s.Ledger(ctx).Streams(ctx, in.Names, eventstore.Position(in.UpTo))
			for _, st := range shown {
				body := LogStream{Stream: st.Stream, Events: st.Events, Cut: st.Cut}
				if st.Events > 0 {
					body.Digest = st.Digest.String()
				}
				out.Streams = append(out.Streams, body)
			}
			return out, err
		})
	kit.Query(s.Service, "/v1/log", "log", "The events themselves, in the order of the log", kit.MayReadLog,
		func(ctx context.Context, in *logInput) (out LogBody, err error) {
			head, err := s.Ledger(ctx).Head(ctx)
			switch {
			case err != nil:
				return out, err
			case eventstore.Position(in.After) > head:
				return out, projections.BeyondLog(in.After)
			}
			events, more, err := s.Ledger(ctx).Log(ctx, eventstore.Position(in.After), in.Limit)
			if err != nil {
				return out, err
			}
			out.Events = make([]LogEvent, len(events))
			for i, e := range events {
				out.Events[i] = LogEvent{
					Position: uint64(e.Position), Stream: e.Stream, Revision: int64(e.Revision), ID: e.ID.String(), Type: e.Type,
					Data: string(e.Data), Metadata: string(e.Metadata), RecordedAt: e.RecordedAt.Format(time.RFC3339Nano),
				}
			}
			if more {
				out.Next = uint64(events[len(events)-1].Position)
			}
			return out, nil
		})
}
