package kit

import (
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"

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

// statementPath is below which a center's statements are read.
const statementPath = "/v1/centers/{center}/statements/{quarter}"

// noteReading notes who read which statement, and what was taken away as a file.
func (s *Service) noteReading(ctx huma.Context, a asker, c Credentials) {
	op := ctx.Operation()
	if op.Method != http.MethodGet || ctx.Status() >= http.StatusBadRequest {
		return
	}
	address := ctx.URL()
	switch _, w := humachi.Unwrap(ctx); {
	case strings.HasPrefix(op.Path, statementPath):
		s.note(ctx, a, c, Noted{
			What: "statement-read", Object: StatementObject(ctx.Param("center"), ctx.Param("quarter")),
			Detail: address.RawQuery,
		})
	case strings.HasPrefix(op.Path, "/v1/log"):
		s.note(ctx, a, c, Noted{What: "log-read", Object: address.RequestURI()})
	case !strings.Contains(w.Header().Get("Content-Type"), "json"):
		s.note(ctx, a, c, Noted{What: "exported", Object: address.RequestURI()})
	}
}

// StatementObject is a center's statement of a quarter as the audit names it.
func StatementObject(center, quarter string) string { return center + " " + quarter }
