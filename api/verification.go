package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"aftersales-ledger/api/kit"
	"aftersales-ledger/api/wording"
)

// VerificationBody is the audit under way, or the last that ended since the server
// began.
type VerificationBody struct {
	State      kit.AuditState            `json:"state" enum:"NONE,RUNNING,DONE,FAILED" doc:"NONE: none since this server began; FAILED: it did not come to its end, which says nothing of the ledger"`
	By         string                    `json:"by,omitempty" doc:"Who began it"`
	BegunAt    string                    `json:"begunAt,omitempty"`
	EndedAt    string                    `json:"endedAt,omitempty"`
	Head       uint64                    `json:"head" doc:"Log position when it began"`
	Through    uint64                    `json:"through" doc:"Position up to which the log was read anew"`
	Events     uint64                    `json:"events"`
	Streams    int                       `json:"streams"`
	Accounts   int                       `json:"accounts"`
	Postings   uint64                    `json:"postings"`
	Statements int                       `json:"statements"`
	Figures    int                       `json:"figures" doc:"Compared with what the read models answer"`
	Findings   []VerificationFindingBody `json:"findings" doc:"What is not as it must be; at most 200"`
	Problem    string                    `json:"problem,omitempty" doc:"Why it did not come to its end"`
}

// VerificationFindingBody is something that is not as it must be.
type VerificationFindingBody struct {
	Position uint64 `json:"position" doc:"Of the event; 0: a figure of the read models"`
	Where    string `json:"where" doc:"Stream, revision and type, or the figure"`
	What     string `json:"what"`
}

func verificationOf(say wording.Language, a kit.Audit) VerificationBody {
	out := VerificationBody{
		State: a.State, By: a.By, BegunAt: kit.Instant(a.Begun), EndedAt: kit.Instant(a.Ended), Head: a.Head,
		Through: a.Through, Events: a.Events, Streams: a.Streams, Accounts: a.Accounts, Postings: a.Postings,
		Statements: a.Statements, Figures: a.Figures, Problem: a.Problem,
		Findings: make([]VerificationFindingBody, len(a.Flaws)),
	}
	for i, f := range a.Flaws {
		out.Findings[i] = VerificationFindingBody{f.Position, f.Where, say.Say(f.What)}
	}
	return out
}

type verificationAnswer struct {
	Status int
	Cache  string `header:"Cache-Control"`
	Body   VerificationBody
}

// verification lets whoever answers for the books have all of them recomputed from
// the log, as `ledger verify` does: one audit at a time, whoever asks.
func (s *service) verification() {
	route := func(method, id, summary string, status int, ask func(ctx context.Context, v kit.Verifier) kit.Audit) {
		op := kit.Operation(method, "/v1/verification", id, summary, kit.MayVerify)
		op.DefaultStatus, op.Errors = status, []int{401, 403, 429, 503}
		huma.Register(s.API, op, func(ctx context.Context, _ *struct{}) (*verificationAnswer, error) {
			audit := kit.Audit{State: kit.AuditNone}
			if s.Deps.Verifier != nil {
				audit = ask(ctx, s.Deps.Verifier)
			} else if method != http.MethodGet {
				return nil, kit.NewProblem(ctx, http.StatusServiceUnavailable, "no-verifier",
					"this server verifies nothing; run `ledger verify`")
			}
			return &verificationAnswer{status, "no-store", verificationOf(wording.Of(ctx), audit)}, nil
		})
	}
	route(http.MethodPost, "begin-verification",
		"Have every figure recomputed from the log itself; it goes on after the answer", http.StatusAccepted,
		func(ctx context.Context, v kit.Verifier) kit.Audit { return v.Begin(kit.ActorOf(ctx).Name) })
	route(http.MethodGet, "verification", "The audit under way with its progress, or the last one with what it found",
		http.StatusOK,
		func(_ context.Context, v kit.Verifier) kit.Audit { return v.Last() })
}
