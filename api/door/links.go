package door

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"aftersales-ledger/api/door/store"
	"aftersales-ledger/api/kit"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/user"
)

// Statements says which version of a center's statement of a quarter stands: the
// newest that was issued, 0 if none was.
type Statements interface {
	StandingVersion(ctx context.Context, center domain.CenterID, q calendar.Quarter) (int, error)
}

// link opens one version of a statement for the person it was mailed to, as often as
// they like. Its fields are stored.
type link struct {
	Login   string           `json:"login"`
	Center  domain.CenterID  `json:"center"`
	Quarter calendar.Quarter `json:"quarter"`
	Version int              `json:"version"`
	Mail    string           `json:"mail"`
	Made    time.Time        `json:"made"`
	Opened  time.Time        `json:"opened,omitzero"` // last
}

// ownerOfLinks is what the links to a statement belong to.
func ownerOfLinks(center domain.CenterID, q calendar.Quarter) string {
	return string(center) + "-" + q.String()
}

// Mailed is a link that is on its way to the person it is for.
type Mailed struct {
	Login string
	Mail  string
	URL   string // with the secret, which is not kept
	Until time.Time
}

// LinkPath is the page of the console that a link leads to. What stands behind the
// '#' stays in the browser: neither servers nor programs that try the links of a mail
// come by it.
const LinkPath = "/answer"

// CanLink reports whether links can be mailed: people must reach us from outside, and
// a code must reach them.
func (d *Door) CanLink() bool { return d.publicURL != "" && d.post != nil && d.statements != nil }

// LinksTo makes a link to a version of a statement for each head of its center with a
// mail address of their own. There are none where links cannot be mailed, and for a
// version that no longer stands.
func (d *Door) LinksTo(
	ctx context.Context, center domain.CenterID, q calendar.Quarter, version int, replyBy calendar.Date,
) (list []Mailed, err error) {
	if !d.CanLink() {
		return nil, nil
	}
	until := replyBy.End().Add(d.policy.LinkLife).UTC()
	if standing, err := d.statements.StandingVersion(ctx, center, q); err != nil || standing != version ||
		!d.clock().Before(until) {
		return nil, err
	}
	for _, p := range d.headsOf(center) {
		secret, err := newSecret(ofLink, d.random)
		if err != nil {
			return nil, err
		}
		key, _ := keyOf(ofLink, secret)
		l := link{Login: p.Login, Center: center, Quarter: q, Version: version, Mail: p.Mail, Made: d.clock().UTC()}
		if err := d.put(ctx, store.Link, key, ownerOfLinks(center, q), 0, until, l); err != nil {
			return nil, err
		}
		d.noteOf(ctx, store.Entry{What: "link-mailed", Login: p.Login, Object: l.object(), Detail: maskedMail(p.Mail)})
		list = append(list, Mailed{Login: p.Login, Mail: p.Mail, URL: d.publicURL + LinkPath + "#" + secret, Until: until})
	}
	return list, nil
}

func (l link) object() string { return kit.StatementObject(string(l.Center), l.Quarter.String()) }

// Heads says who is head of a center at present.
type Heads interface {
	HeadsOf(center domain.CenterID) []user.Person
}

// headsOf are who answers for a center at present, and can be mailed to.
func (d *Door) headsOf(center domain.CenterID) (list []user.Person) {
	heads, ok := d.people.(Heads)
	if !ok {
		return nil
	}
	for _, h := range heads.HeadsOf(center) {
		if p, ok := d.person(h.Login); ok && p.Mail != "" && isHead(p, center) {
			list = append(list, p)
		}
	}
	return list
}

func isHead(p user.Person, center domain.CenterID) bool {
	return slices.ContainsFunc(p.Grants, func(g access.Grant) bool {
		return g.Role == domain.CenterHead && slices.Equal(g.Reach.Centers, []domain.CenterID{center})
	})
}

// good returns whom a link is for, or why it is none any more: it ends when the person
// no longer answers for the center or has another mail address, and when another
// version is issued.
func (d *Door) good(ctx context.Context, l link) (p user.Person, why string, err error) {
	p, ok := d.person(l.Login)
	switch {
	case !ok:
		return p, "nobody", nil
	case p.Mail != l.Mail:
		return p, "another-mail", nil
	case !isHead(p, l.Center):
		return p, "not-head", nil
	case d.statements == nil:
		return p, "no-statements", nil
	}
	standing, err := d.statements.StandingVersion(ctx, l.Center, l.Quarter)
	if err == nil && standing != l.Version {
		why = "another-version"
	}
	return p, why, err
}

func (d *Door) findLink(ctx context.Context, key string) (l link, r store.Record, err error) {
	if r, err = d.store.Find(ctx, store.Link, key); err == nil {
		err = json.Unmarshal(r.Data, &l)
	}
	return l, r, err
}

// Opened is the statement that a link opens.
type Opened struct {
	Center  string `json:"center"`
	Quarter string `json:"quarter"`
}

// sessionsOfLink is how many browsers one link is open in at most: the one that was
// unused the longest makes room.
const sessionsOfLink = 5

// OpenLink lets in who was mailed a link, for what it is for. To open it uses nothing
// up and says nothing to anybody: programs that try links are no answer. Who has
// signed in as that person already goes on as they are.
func (d *Door) OpenLink(ctx context.Context, secret string) (out Opened, _ []http.Cookie, err error) {
	none := kit.NewProblem(ctx, http.StatusUnauthorized, "link-over",
		"this link is unknown or over: a newer statement was issued, its time has passed, or it was revoked; use the newest mail, or ask the regional admin for another")
	refused := func(login, object, why string) {
		d.noteOf(ctx, store.Entry{What: "link-refused", Login: login, Via: "link", Object: object, Detail: why})
	}
	key, ok := keyOf(ofLink, secret)
	if !ok {
		refused("", "", "unknown")
		return out, nil, none
	}
	l, r, err := d.findLink(ctx, key)
	if err != nil {
		if isNone(err) {
			refused("", "", "unknown")
		}
		return out, nil, d.orNone(ctx, err, none)
	}
	p, why, err := d.good(ctx, l)
	if err != nil {
		return out, nil, d.problem(ctx, err)
	}
	if why != "" {
		refused(l.Login, l.object(), why)
		return out, nil, none
	}
	out = Opened{string(l.Center), l.Quarter.String()}
	if own, _, err := d.ownSession(ctx, kit.CredentialsOf(ctx)); err == nil && own.Link == "" &&
		own.Login == p.Login && d.unfinished(own, p.Grants) == "" {
		return out, nil, nil
	}
	if err := d.makeRoomForLink(ctx, p.Login); err != nil {
		return out, nil, d.problem(ctx, err)
	}
	cookie, err := d.begin(ctx, session{Login: p.Login, Via: "link", Link: key})
	if err != nil {
		return out, nil, d.problem(ctx, err)
	}
	l.Opened = d.clock().UTC()
	if err := d.put(ctx, store.Link, key, r.Owner, r.Version, r.Expires, l); err != nil {
		d.log.WarnContext(ctx, "when a link was opened could not be written down", "error", err)
	}
	d.noteOf(ctx, store.Entry{What: "link-opened", Login: p.Login, Via: "link", Object: l.object()})
	return out, []http.Cookie{cookie}, nil
}

// makeRoomForLink keeps what links open from driving out what a person signed in to.
func (d *Door) makeRoomForLink(ctx context.Context, login string) error {
	list, err := d.sessionsOf(ctx, login)
	if err != nil {
		return err
	}
	list = slices.DeleteFunc(list, func(k keyed) bool { return k.Link == "" })
	for len(list) >= sessionsOfLink {
		last := list[len(list)-1] // the last used come first
		list = list[:len(list)-1]
		d.sessions.forget(last.key)
		if _, err := d.store.Remove(ctx, store.Session, last.key); err != nil {
			return err
		}
	}
	return nil
}

// byLink lets a session in that a link opened: for the statement and nothing else, as
// the head of its center, while the link is good.
func (d *Door) byLink(ctx context.Context, s session) (kit.Caller, error) {
	l, _, err := d.findLink(ctx, s.Link)
	if err != nil {
		return kit.Caller{}, d.problem(ctx, err)
	}
	p, why, err := d.good(ctx, l)
	if err != nil {
		return kit.Caller{}, d.problem(ctx, err)
	}
	if why != "" {
		return kit.Caller{}, kit.NotLetIn(ctx)
	}
	c := kit.Caller{
		Login: p.Login, Name: p.Name, Role: domain.CenterHead, Via: "link",
		Grants: []access.Grant{{Role: domain.CenterHead, Reach: access.OfCenter(l.Center)}},
		Only:   &kit.Purpose{Center: l.Center, Quarter: l.Quarter},
	}
	if !d.clock().Before(s.ProvenUntil) {
		c.Unproven = kit.ProveByCode
	}
	return c, nil
}

// Links lists the links to a statement that are good, the newest first.
func (d *Door) Links(ctx context.Context, center domain.CenterID, q calendar.Quarter) (list []kit.Link, err error) {
	records, err := d.store.Owned(ctx, store.Link, ownerOfLinks(center, q))
	if err != nil {
		return nil, d.problem(ctx, err)
	}
	for _, r := range records {
		var l link
		if err := json.Unmarshal(r.Data, &l); err != nil {
			return nil, err
		}
		_, why, err := d.good(ctx, l)
		if err != nil {
			return nil, d.problem(ctx, err)
		}
		if why == "" {
			list = append(list, kit.Link{
				ID: nameOf(r.Key), Login: l.Login, Mail: maskedMail(l.Mail), Version: l.Version, Made: l.Made, Opened: l.Opened,
				Until: r.Expires,
			})
		}
	}
	slices.SortFunc(list, func(a, b kit.Link) int {
		return cmp.Or(b.Made.Compare(a.Made), strings.Compare(a.ID, b.ID))
	})
	return list, nil
}

// RevokeLinks ends all links to a statement, and what they have opened.
func (d *Door) RevokeLinks(
	ctx context.Context, center domain.CenterID, q calendar.Quarter, by, reason string,
) (n int, err error) {
	n, err = d.store.RemoveOwned(ctx, store.Link, ownerOfLinks(center, q), "")
	if err != nil {
		return 0, d.problem(ctx, err)
	}
	d.noteOf(ctx, store.Entry{
		What: "links-revoked", Login: by, Object: kit.StatementObject(string(center), q.String()), Detail: reason,
	})
	return n, nil
}

// maskedMail is a mail address as it is shown to others: enough to recognise it.
func maskedMail(address string) string {
	name, at, ok := strings.Cut(address, "@")
	if !ok || name == "" {
		return ""
	}
	return string([]rune(name)[:1]) + "•••@" + at
}

var _ kit.Linker = (*Door)(nil)
