package imports

import (
	"context"
	"errors"
	"slices"
	"strings"

	"aftersales-ledger/api/imports/sheet"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	codes "aftersales-ledger/domain/names"
	"aftersales-ledger/domain/user"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/ledger"
)

// userRows turns the rows of a list of users into people and grants.
type userRows struct {
	ledger *ledger.Ledger
	names  *names
	places ledger.Places
	reason string // where a row gives none
	lines  []user.Enroll
}

// Users is a list of users (用户清单): a row makes a person, unless they are there as
// the row has them, and grants the role that it names. reason is why, where a row
// does not say.
func Users(l *ledger.Ledger, directory Directory, places ledger.Places, reason string) Kind {
	return &userRows{ledger: l, names: namesOf(l, directory), places: places, reason: reason}
}

func (*userRows) Name() string         { return "users" }
func (*userRows) layout() sheet.Layout { return sheet.Users }

func (l *userRows) parse(ctx context.Context, _ domain.Actor, row *listRow) error {
	c := cells{row}
	e := user.Enroll{Create: user.Create{
		Login: domain.Login(c.required("login")), Name: c.required("name"), Mail: c.text("mail"), Phone: c.text("phone"),
		Reason: c.text("reason"),
	}}
	row.document, row.field, row.group = e.Login, "login", user.Stream
	if e.Reason == "" {
		e.Reason = l.reason
	}
	role, reach := c.text("role"), c.text("reach")
	e.From, _ = optional(c, "from", sheet.Value.Date)
	e.Until, _ = optional(c, "until", sheet.Value.Date)
	switch {
	case role != "":
		var err error
		if e.Role, err = roleNamed(role); err != nil {
			c.fail("role", err)
		} else if e.Reach, err = l.reachOf(ctx, e.Role, reach); err != nil {
			var refused *domain.Rejection
			if !errors.As(err, &refused) {
				return err
			}
			c.fail("reach", err)
		}
	case reach != "" || !e.From.IsZero() || !e.Until.IsZero():
		c.fail("role", domain.Invalid("role", "", "text-required", "must be given where a reach or a date is", "4"))
	}
	row.scope = string(e.Role) + " " + Fingerprint(e.Reach, e.From, e.Until)
	row.says = domain.Say("%s as %s", e.Name, e.Role)
	if e.Role == "" {
		row.says = domain.Say("%s, without a role", e.Name)
	}
	row.key = "import-user-" + Fingerprint(e)[:32]
	l.lines = append(l.lines, e)
	return nil
}

// roleNamed is the role of a code or of a Chinese name.
func roleNamed(text string) (domain.Role, error) {
	for _, r := range domain.Roles() {
		if text == codes.Of(r) {
			return r, nil
		}
	}
	return domain.ParseRole(text)
}

// everything are words for the reach of a role of the whole company, which may also
// be left out.
var everything = []string{"", "全公司", "全部", "公司", "company", "all"}

// reachOf reads a reach as its role is measured: names with a mark between them.
// Projects and centers are named by number or by name.
func (l *userRows) reachOf(ctx context.Context, role domain.Role, text string) (r access.Reach, err error) {
	parts := strings.FieldsFunc(text, func(c rune) bool { return strings.ContainsRune("、,，;；/|\n", c) })
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	switch access.KindOf(role) {
	case access.OfCompany:
		for _, word := range everything {
			if strings.EqualFold(text, word) {
				return access.Everything(), nil
			}
		}
		return r, domain.Invalid("reach", text, "reach-of-another-kind",
			"does not fit %s: a grant of this role names its reach by %s", "4", role, access.OfCompany)
	case access.OfRegions:
		r.Regions = parts
	case access.OfCities:
		r.Cities = parts
	case access.OfProjects:
		for _, p := range parts {
			id, err := l.names.project(ctx, p)
			if err != nil {
				return r, err
			}
			r.Projects = append(r.Projects, id)
		}
	case access.OfOneCenter:
		for _, p := range parts {
			id, err := l.names.center(ctx, p)
			if err != nil {
				return r, err
			}
			r.Centers = append(r.Centers, id)
		}
	}
	return r, nil
}

func (l *userRows) rehearse(ctx context.Context, r ledger.Request, i int) (bool, error) {
	known, err := l.ledger.RehearseEnroll(ctx, r, l.lines[i], l.places)
	return known, ofColumn(err)
}

func (l *userRows) record(ctx context.Context, rows []requested, partly bool) ([]eventstore.Answer, error) {
	answers, err := l.ledger.EnrollListed(ctx, listed(rows, l.lines), partly)
	for i := range answers {
		answers[i].Err = ofColumn(answers[i].Err)
	}
	return answers, err
}

// ofColumn names the column of a refusal: all that a grant reaches stands in one.
func ofColumn(err error) error {
	var r *domain.Rejection
	if errors.As(err, &r) && slices.Contains([]string{"company", "regions", "cities", "projects", "centers"}, r.Field) {
		return ofField("reach", err)
	}
	return err
}
