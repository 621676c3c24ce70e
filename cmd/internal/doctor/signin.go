package doctor

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"time"

	"aftersales-ledger/api/door/store/sqlitefile"
	"aftersales-ledger/cmd/internal/app"
	"aftersales-ledger/eventstore/ledger"
)

// signIn looks at what the door remembers of the people it lets in.
func (e *examination) signIn() {
	path := filepath.Join(e.Config.Data, app.DoorFile)
	switch err := sqlitefile.Inspect(path); {
	case errors.Is(err, fs.ErrNotExist):
		e.ill(Warn, "sign-in", "there are no passwords, sessions or API tokens yet: %s is not there", path).
			treat("it is made by the first 'ledger serve'; if there was one, restore it from a copy")
	case err != nil:
		e.ill(Bad, "sign-in", "what the door remembers cannot be used: %v", fmt.Errorf("%s: %w", path, err)).
			treat("do what it says; without it nobody is let in")
	default:
		e.good("sign-in", "what the door remembers is whole: %s", path)
	}
}

// mostApart is how far this clock and the provider's may be apart: beyond a minute
// sign-ins are refused, and the header that tells is to the second.
const mostApart = 30 * time.Second

// provider asks the identity provider for what a sign-in needs of it.
func (e *examination) provider(ctx context.Context) {
	p, err := e.Provider.Provider()
	switch {
	case err != nil:
		e.ill(Bad, "provider", "people cannot sign in by the identity provider: %v", err).
			treat("mend what it names; a server does not start with it")
		return
	case p == nil:
		return
	}
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	theirs, err := p.Check(ctx, e.Door.PublicURL, e.Machine.Now)
	if err != nil {
		e.ill(Bad, "provider", "people cannot sign in by the identity provider: %v", err).
			treat("see that it runs, that this machine reaches it and that --oidc-issuer is as its discovery document has it")
		return
	}
	e.good("provider", "the identity provider %s answers, and the mapping of its claims is whole", p.Issuer)
	if apart := e.Machine.Now().Sub(theirs); !theirs.IsZero() && apart.Abs() > mostApart {
		e.ill(Bad, "provider", "this machine's clock and the identity provider's are %s apart",
			apart.Abs().Round(time.Second)).
			treat("have a time service keep both: a sign-in that is a minute old or ahead is refused")
	}
}

// mapping holds the mapping of claims against what there is, where the log is open.
func (e *examination) mapping(ctx context.Context, l *ledger.Ledger) {
	p, err := e.Provider.Provider()
	if p == nil || err != nil {
		return // see provider
	}
	if err := app.CheckMapping(ctx, l, p.Mapping); err != nil {
		e.ill(Bad, "provider", "the mapping of claims names what is not there: %v", err).
			treat("mend the file; a server does not start with it")
	}
}
