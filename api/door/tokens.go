package door

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"aftersales-ledger/api/door/store"
	"aftersales-ledger/api/kit"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
)

// Token is an API token of a program: it acts for its owner, in one role of theirs.
// Its fields are stored.
type Token struct {
	Name  string      `json:"name"`
	Owner string      `json:"owner"` // login
	Role  domain.Role `json:"role"`
	// Within narrows how far it reaches; nil: as far as its owner does.
	Within      *access.Reach `json:"within,omitempty"`
	Made        time.Time     `json:"made"`
	By          string        `json:"by"`
	Expires     time.Time     `json:"expires"`
	LastUsed    time.Time     `json:"lastUsed,omitzero"` // to some seconds
	LastAddress string        `json:"lastAddress,omitempty"`
	// Machine: it belongs to the owner of the machine, and to no person.
	Machine bool `json:"machine,omitempty"`

	ID string `json:"-"` // names it, and lets nobody in
}

// TokensEach is how many API tokens a person may have at once.
const TokensEach = 50

// TokenWish is the API token that somebody wants.
type TokenWish struct {
	Name   string
	Role   domain.Role
	Within *access.Reach
	Life   time.Duration
}

// MakeToken makes an API token of a person and returns its secret, which is not
// kept: this is the only time that it is seen.
func (d *Door) MakeToken(
	ctx context.Context, owner string, w TokenWish, by string,
) (secret string, t Token, err error) {
	asked := owner
	owner = domain.Login(owner)
	if w.Within != nil {
		within := w.Within.And(access.Reach{})
		w.Within = &within
	}
	if err := d.checkWish(asked, owner, w); err != nil {
		return "", t, err
	}
	had, err := d.Tokens(ctx, owner)
	if err != nil {
		return "", t, err
	}
	if len(had) >= TokensEach {
		return "", t, domain.Conflict("owner", owner, "too-many-tokens", "has %d API tokens already; revoke some", "",
			len(had))
	}
	return d.keepToken(ctx, Token{
		Name: w.Name, Owner: owner, Role: w.Role, Within: w.Within, By: by, Expires: d.clock().Add(w.Life).UTC(),
	})
}

func (d *Door) keepToken(ctx context.Context, t Token) (string, Token, error) {
	secret, err := newSecret(ofToken, d.random)
	if err != nil {
		return "", t, err
	}
	key, _ := keyOf(ofToken, secret)
	t.Made, t.ID = d.clock().UTC(), nameOf(key)
	if err := d.put(ctx, store.Token, key, t.Owner, 0, t.Expires, t); err != nil {
		return "", t, d.problem(ctx, err)
	}
	d.noteOf(ctx, store.Entry{What: "token-made", Login: t.By, Object: t.Owner + " " + t.ID, Detail: string(t.Role)})
	return secret, t, nil
}

func (d *Door) checkWish(asked, owner string, w TokenWish) error {
	if _, err := domain.ParseRole(string(w.Role)); err != nil {
		return err
	}
	if err := domain.FirstError(domain.CheckLogin("owner", owner), domain.CheckText("name", w.Name, true)); err != nil {
		return err
	}
	if strings.TrimSpace(w.Name) != w.Name || len(w.Name) > 200 || strings.ContainsAny(w.Name, "\r\n\t") {
		return domain.Invalid("name", domain.Clip(w.Name), "bad-token-name",
			"must be one line without a blank at either end, of at most 200 bytes", "")
	}
	if w.Life <= 0 || w.Life > d.policy.TokenLife {
		return domain.Invalid("days", strconv.Itoa(int(w.Life.Hours()/24)), "token-life",
			"must be more than 0 and at most %s", "", d.policy.TokenLife)
	}
	if d.people == nil {
		return nil // looked up when it is used
	}
	p, ok := d.person(owner)
	if !ok {
		return domain.NotFound("owner", domain.Clip(asked), "unknown-login", "is nobody's login, or is suspended")
	}
	reach := reachIn(p.Grants, w.Role)
	if reach.Nothing() {
		return domain.Forbidden("role", string(w.Role), "not-granted", "is not granted to %s at present", "4", owner)
	}
	if w.Within != nil && (w.Within.Nothing() || !reach.Only(*w.Within).Same(*w.Within)) {
		return domain.Forbidden("within", "", "wider-than-owner",
			"must be named by what is granted to %s: a token reaches no further than its owner", "4", owner)
	}
	return nil
}

// reachIn is how far grants reach in a role.
func reachIn(grants []access.Grant, role domain.Role) (r access.Reach) {
	for _, g := range grants {
		if g.Role == role {
			r = r.And(g.Reach)
		}
	}
	return r
}

// MakeMachineToken makes a token of the machine's owner: whoever may write the
// door's memory. It names no person, is good for a tool's run, and in the role of
// a center's people it only reads.
func (d *Door) MakeMachineToken(
	ctx context.Context, role domain.Role, center domain.CenterID, life time.Duration,
) (secret string, err error) {
	if _, err := domain.ParseRole(string(role)); err != nil {
		return "", err
	}
	if role.OfCenter() != (center != "") {
		return "", domain.Invalid("center", string(center), "center-of-role",
			"must be given for a role of a property center, and for no other", "4")
	}
	t := Token{
		Name: "tool", Owner: Machine, Role: role, By: Machine, Expires: d.clock().Add(life).UTC(), Machine: true,
	}
	if center != "" {
		of := access.OfCenter(center)
		t.Within = &of
	}
	secret, _, err = d.keepToken(ctx, t)
	return secret, err
}

// Tokens lists a person's API tokens that are good, the newest first; everybody's
// if owner is empty.
func (d *Door) Tokens(ctx context.Context, owner string) ([]Token, error) {
	records, err := d.store.Owned(ctx, store.Token, owner)
	if err != nil {
		return nil, d.problem(ctx, err)
	}
	list := make([]Token, 0, len(records))
	for _, r := range records {
		var t Token
		if err := json.Unmarshal(r.Data, &t); err != nil {
			return nil, d.problem(ctx, err)
		}
		t.ID = nameOf(r.Key)
		if last := d.used.last(store.Token, r.Key); last.After(t.LastUsed) {
			t.LastUsed = last
		}
		list = append(list, t)
	}
	slices.SortStableFunc(list, func(a, b Token) int { return b.Made.Compare(a.Made) })
	return list, nil
}

// RevokeToken ends an API token of a person at once; of anybody if owner is empty.
func (d *Door) RevokeToken(ctx context.Context, owner, id, by string) error {
	return d.removeNamed(ctx, store.Token, owner, id, by, "token-revoked", d.tokens.forget)
}

// removeNamed removes what a person has of a kind by the name that lists show.
func (d *Door) removeNamed(
	ctx context.Context, kind store.Kind, owner, id, by, what string, forget func(key string),
) error {
	records, err := d.store.Owned(ctx, kind, owner)
	if err != nil {
		return d.problem(ctx, err)
	}
	for _, r := range records {
		if nameOf(r.Key) != id {
			continue
		}
		was, err := d.store.Remove(ctx, kind, r.Key)
		forget(r.Key)
		if err != nil {
			return d.problem(ctx, err)
		}
		if was {
			d.noteOf(ctx, store.Entry{What: what, Login: by, Object: r.Owner + " " + id})
			return nil
		}
	}
	return domain.NotFound("id", domain.Clip(id), "unknown-credentials", "is none of yours that is good")
}

// DropToken removes the API token that a secret is of.
func (d *Door) DropToken(ctx context.Context, secret string) error {
	key, ok := keyOf(ofToken, secret)
	if !ok {
		return nil
	}
	d.tokens.forget(key)
	_, err := d.store.Remove(ctx, store.Token, key)
	return err
}

// byToken is who a token acts for. Its owner, what is granted to them and how far
// it reaches are those of now.
func (d *Door) byToken(ctx context.Context, c kit.Credentials) (kit.Caller, error) {
	key, ok := keyOf(ofToken, c.Bearer)
	if !ok {
		return kit.Caller{}, kit.NotLetIn(ctx)
	}
	t, _, err := d.tokens.find(ctx, key)
	if err != nil {
		return kit.Caller{}, d.problem(ctx, err)
	}
	now := d.clock()
	if !now.Before(t.Expires) {
		return kit.Caller{}, kit.NotLetIn(ctx)
	}
	d.used.note(store.Token, key, now, c.Address)
	if t.Machine {
		var center domain.CenterID
		if t.Within != nil && len(t.Within.Centers) == 1 {
			center = t.Within.Centers[0]
		}
		return ofMachineCaller(Machine, t.Role, center), nil
	}
	p, ok := d.person(t.Owner)
	if !ok {
		return kit.Caller{}, kit.NotLetIn(ctx)
	}
	caller := kit.Caller{Login: p.Login, Name: p.Name, Role: t.Role, Via: "token"}
	for _, g := range p.Grants {
		if g.Role != t.Role {
			continue
		}
		if t.Within != nil {
			g.Reach = g.Reach.Only(*t.Within)
		}
		if !g.Reach.Nothing() {
			caller.Grants = append(caller.Grants, g)
		}
	}
	return caller, nil
}
