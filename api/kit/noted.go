package kit

import (
	"context"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
)

// Noted is what the door's audit keeps of a request.
type Noted struct {
	What      string // denied, exported, statement-read, log-read
	Caller    Caller
	Role      string
	Reach     access.Reach
	Address   string
	Agent     string
	Operation string
	Object    string // what was read
	Detail    string
}

// Auditor is a Door that keeps an audit. Noting waits for nothing.
type Auditor interface{ NoteRequest(Noted) }

// Note hands something to the audit of the door, if it keeps one.
func (s *Service) note(ctx huma.Context, a asker, c Credentials, n Noted) {
	auditor, ok := s.Deps.Door.(Auditor)
	if !ok {
		return
	}
	n.Caller, n.Role, n.Reach = a.Caller, string(a.actor.Role), a.reach
	n.Address, n.Agent, n.Operation = c.Address, c.Agent, ctx.Operation().OperationID
	auditor.NoteRequest(n)
}

func (s *Service) noteDenial(ctx huma.Context, a asker, c Credentials, code string) {
	s.note(ctx, a, c, Noted{What: "denied", Detail: code})
}

// noteActing notes what was done by credentials that are for one purpose, and what
// became of it.
func (s *Service) noteActing(ctx huma.Context, a asker, c Credentials) {
	s.note(ctx, a, c, Noted{
		What: "acted-by-link", Object: StatementObject(string(a.Only.Center), a.Only.Quarter.String()),
		Detail: http.StatusText(ctx.Status()),
	})
}

// NoteAct notes what somebody did at one of the server's own doors, such as to a
// webhook: nothing of it is an event of the trade.
func (s *Service) NoteAct(ctx context.Context, operation, what, object string) {
	if auditor, ok := s.Deps.Door.(Auditor); ok {
		a, c := askerOf(ctx), CredentialsOf(ctx)
		auditor.NoteRequest(Noted{
			What: what, Caller: a.Caller, Role: string(a.actor.Role), Reach: a.reach, Address: c.Address, Agent: c.Agent,
			Operation: operation, Object: object,
		})
	}
}

// Export is a list that is taken away as a file, page by page: who takes it, in which
// role and how far their rights reach, once the first page was let through.
type Export struct {
	Login string
	Name  string // what they are called
	Role  domain.Role
	Reach access.Reach
}

type exportKey struct{}

// Exporting is the context of the questions for the pages of a file.
func Exporting(ctx context.Context, e *Export) context.Context {
	return context.WithValue(ctx, exportKey{}, e)
}

// statementPath is below which a center's statements are read.
const statementPath = "/v1/centers/{center}/statements/{quarter}"

// noteReading notes who read which statement, and what was taken away as a file.
func (s *Service) noteReading(ctx huma.Context, a asker, c Credentials) {
	op := ctx.Operation()
	if op.Method != http.MethodGet || ctx.Status() >= http.StatusBadRequest {
		return
	}
	address := ctx.URL()
	_, w := humachi.Unwrap(ctx)
	answered := w.Header().Get("Content-Type")
	if e, exporting := ctx.Context().Value(exportKey{}).(*Export); exporting {
		*e = Export{a.Login, a.Name, a.actor.Role, a.reach}
		if ctx.Query("cursor") != "" {
			return // it was noted with the first page
		}
		answered = "file"
	}
	switch {
	case strings.HasPrefix(op.Path, statementPath):
		s.note(ctx, a, c, Noted{
			What: "statement-read", Object: StatementObject(ctx.Param("center"), ctx.Param("quarter")),
			Detail: address.RawQuery,
		})
	case strings.HasPrefix(op.Path, "/v1/log"):
		s.note(ctx, a, c, Noted{What: "log-read", Object: address.RequestURI()})
	case answered != "" && !strings.Contains(answered, "json") && op.Metadata[StreamKey] == nil:
		s.note(ctx, a, c, Noted{What: "exported", Object: address.RequestURI()})
	}
}

// StatementObject is a center's statement of a quarter as the audit names it.
func StatementObject(center, quarter string) string { return center + " " + quarter }
