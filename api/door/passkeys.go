package door

import (
	"context"
	"errors"
	"slices"

	"aftersales-ledger/api/door/store"
	"aftersales-ledger/api/kit"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/user"
)

// needsPasskey reports whether the policy asks a person for a passkey.
func (d *Door) needsPasskey(p user.Person) bool {
	return slices.ContainsFunc(p.Grants,
		func(g access.Grant) bool { return slices.Contains(d.policy.PasskeyRoles, g.Role) })
}

// secondStep is what is left to do once a person has shown who they are.
func (d *Door) secondStep(ctx context.Context, p user.Person) (kit.Step, error) {
	has, err := d.store.Owned(ctx, store.Passkey, p.Login)
	switch {
	case err != nil:
		return "", err
	case len(has) > 0:
		return kit.ShowPasskey, nil
	case d.needsPasskey(p):
		return kit.AddPasskey, nil
	}
	return "", nil
}

func isNone(err error) bool { return errors.Is(err, store.ErrNone) }
