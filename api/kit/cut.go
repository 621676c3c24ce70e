package kit

import (
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/projections"
	"context"
	"time"
)

func (s *Service) Today() calendar.Date { return calendar.DateOf(s.Deps.Clock()) }

// CutParams are part of every question: as of which business date, as known at
// which moment, and after which command.
type CutParams struct {
	AsOf    string `query:"asOf" doc:"Business date; later events do not count. Default: today in Shanghai" example:"2026-06-30"`
	KnownAt string `query:"knownAt" doc:"Moment of knowledge; what was recorded later is not known yet. Default: now" example:"2026-07-15T00:00:00+08:00"`
	After   uint64 `query:"after" doc:"Position from a command's answer: wait until the figures show it"`
}

// PageParams ask for a part of a long answer.
type PageParams struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"1000" default:"100"`
	Cursor string `query:"cursor" doc:"The next of the page before"`
}

func (p PageParams) Page() projections.Page {
	return projections.Page{Limit: p.Limit, After: p.Cursor}
}

// Sorted is page for an answer that can be sorted.
func (p PageParams) Sorted(by string) projections.Page {
	page := p.Page()
	page.Sort = by
	return page
}

// Freshness says what an answer rests on.
type Freshness struct {
	State     string   `json:"state" doc:"What the projector is doing: starting, catching-up, live, retrying, stopped or rebuilding"`
	Position  uint64   `json:"position" doc:"Log position up to which events are considered"`
	LagEvents uint64   `json:"lagEvents" doc:"Log positions not considered yet"`
	LagSecs   *float64 `json:"lagSeconds" doc:"Bound on the age of the oldest event not considered yet; null while none is known"`
	Reason    string   `json:"reason,omitempty" doc:"Why the figures do not keep up with the log"`
}

func lagSeconds(l projections.Lag) *float64 {
	if l.Unknown {
		return nil
	}
	seconds := l.Behind.Seconds()
	return &seconds
}

// Basis is part of every answer.
type Basis struct {
	AsOf      string    `json:"asOf"`
	KnownAt   string    `json:"knownAt"`
	ReadModel Freshness `json:"readModel"`
}

// BasisOf says what an answer was asked for, and what it rests on.
func BasisOf(a projections.Answer) Basis {
	return Basis{
		AsOf: a.AsOf.String(), KnownAt: a.KnownAt.In(calendar.Shanghai).Format(time.RFC3339Nano),
		ReadModel: Freshness{
			State: string(a.State), Position: a.Position, LagEvents: a.Lag.Events, LagSecs: lagSeconds(a.Lag), Reason: a.Reason,
		},
	}
}

func (s *Service) Freshness() Freshness {
	st := s.Deps.ReadModels.Status()
	return Freshness{
		State: string(st.State), Position: st.Position, LagEvents: st.Lag.Events, LagSecs: lagSeconds(st.Lag),
		Reason: st.Reason,
	}
}

// Cut reads the parameters of a question and waits for the command it follows.
func (s *Service) Cut(ctx context.Context, p *Parser, in CutParams) (projections.Cut, error) {
	cut := projections.Cut{Scope: ScopeOf(ctx), AsOf: p.Date("asOf", in.AsOf), KnownAt: p.Instant("knownAt", in.KnownAt)}
	if p.Err != nil {
		return cut, p.Err
	}
	return cut, s.Deps.ReadModels.Follow(ctx, in.After)
}

// Visible narrows a question of a center's person to their center: what their
// projects had of other centers is not asked for. What lies outside somebody's scope
// no question shows, and cannot be named.
func Visible(ctx context.Context, center string) domain.CenterID {
	if a := ActorOf(ctx); center == "" && a.Role.OfCenter() {
		return a.Center
	}
	return domain.CenterID(center)
}

// Instant is a moment as answers write it, in Shanghai; no moment is nothing.
func Instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(calendar.Shanghai).Format(time.RFC3339)
}
