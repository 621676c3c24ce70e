// Package claims says what an identity provider's claims of a person come to: their
// login and name, and which roles as far as what is granted to them, by a mapping that
// a department writes. It asks nobody, and keeps nothing.
package claims

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/user"
)

// Claims are what a provider says of a person, by the names it gives them.
type Claims map[string]any

// Mapping is what a department makes of them.
type Mapping struct {
	Login  Text
	Name   string      // claim of the name as papers write it
	Mail   string      // claim of the mail address; empty: none is taken over
	Link   user.LinkBy // how a user that there is already is known; empty: an administrator links them
	Create bool        // whom the ledger does not know
	// Days is for how long each sign-in grants: whoever the provider does not let in any
	// more holds nothing by it afterwards.
	Days     int
	UserInfo bool // the provider says more at its userinfo endpoint than in the ID token
	Rules    []Rule
}

// Text is a claim of which a part counts.
type Text struct {
	Claim  string
	Before string // only what stands before it, such as "@"; empty: all of it
}

// Rule grants a role to whom its conditions are met by, all of them.
type Rule struct {
	When  []Requirement
	Role  domain.Role
	Reach access.Reach // as it is written
	From  Names        // and what a claim names
	At    string       // where it is written, such as mapping.yaml:12
}

// Requirement is met by a claim that has one of some values.
type Requirement struct {
	Claim  string
	Values []string
}

// Names are taken from the values of a claim, of those that begin with a prefix what
// follows it.
type Names struct {
	Kind   access.Kind // of what they name; empty: nothing is taken
	Claim  string
	Prefix string
}

// MostDays bounds for how long a sign-in grants.
const MostDays = 366

// Check refuses a mapping that grants nothing or cannot be meant. The field is that of
// the file.
func (m Mapping) Check() error {
	bad := func(field, value, code string, rule domain.Sentence, args ...any) error {
		return domain.Invalid(field, value, code, rule, "4", args...)
	}
	switch {
	case m.Login.Claim == "":
		return bad("login", "", "claim-required", "must name the claim that is the login")
	case m.Name == "":
		return bad("name", "", "claim-required", "must name the claim that is the person's name")
	case m.Days < 1 || m.Days > MostDays:
		return bad("days", strconv.Itoa(m.Days), "bad-days",
			"must be 1 to %d: for so long a sign-in grants what the claims say", MostDays)
	case m.Link != "" && m.Link != user.LinkByLogin && m.Link != user.LinkByMail:
		return bad("link", string(m.Link), "bad-link",
			"must be login or mail, or left out: then an administrator links users")
	case m.Link == user.LinkByMail && m.Mail == "":
		return bad("link", string(m.Link), "bad-link", "needs the claim of the mail address: mail")
	case m.Link == user.LinkByLogin && m.Login.Before != "":
		return bad("link", string(m.Link), "bad-link",
			"cannot be login where only a part of a claim is the login: two people may have the same part")
	case len(m.Rules) == 0:
		return bad("grants", "", "nothing-mapped", "must grant something to somebody")
	}
	for i, r := range m.Rules {
		if err := r.check(fmt.Sprintf("grants[%d]", i)); err != nil {
			return err
		}
	}
	return nil
}

func (r Rule) check(at string) error {
	if len(r.When) == 0 {
		return domain.Invalid(at+".when", "", "condition-required", "must say by which claims it is granted", "4")
	}
	for _, c := range r.When {
		if c.Claim == "" || len(c.Values) == 0 || slices.Contains(c.Values, "") {
			return domain.Invalid(at+
				".when", c.Claim, "condition-required", "must name a claim and its values, none of them empty",
				"4")
		}
	}
	if _, err := domain.ParseRole(string(r.Role)); err != nil {
		return under(at, err)
	}
	probe := r.Reach
	if r.From.Kind != "" {
		if r.From.Claim == "" {
			return domain.Invalid(at, "", "claim-required", "must name the claim from which names are taken", "4")
		}
		if !r.Reach.Nothing() {
			return domain.Invalid(at, "", "reach-twice", "names its reach itself, or takes it from a claim, not both", "4")
		}
		probe = r.From.reach([]string{"X"})
	}
	return under(at, probe.Check(r.Role))
}

// under is a refusal of a field below another.
func under(at string, err error) error {
	if r, ok := err.(*domain.Rejection); ok {
		below := *r
		below.Field = at + "." + r.Field
		return &below
	}
	return err
}

// reach is what names come to.
func (n Names) reach(names []string) (r access.Reach) {
	switch n.Kind {
	case access.OfRegions:
		r.Regions = names
	case access.OfCities:
		r.Cities = names
	case access.OfProjects:
		r.Projects = ids[domain.ProjectID](names)
	case access.OfOneCenter:
		r.Centers = ids[domain.CenterID](names)
	case access.OfCompany: // is not named
	}
	return r.And(access.Reach{})
}

func ids[T ~string](names []string) (out []T) {
	for _, n := range names {
		out = append(out, T(n))
	}
	return out
}

// Person is what claims come to. Errors: a refusal of claims that do not say who it is.
func (m Mapping) Person(c Claims) (f user.Follow, err error) {
	f = user.Follow{Link: m.Link, Create: m.Create, Days: m.Days}
	if f.Login, err = c.one(m.Login.Claim); err != nil {
		return f, err
	}
	if m.Login.Before != "" {
		f.Login, _, _ = strings.Cut(f.Login, m.Login.Before)
	}
	f.Login = domain.Login(f.Login)
	if f.Name, err = c.one(m.Name); err != nil {
		return f, err
	}
	f.Name = strings.TrimSpace(f.Name)
	if m.Mail != "" {
		if mail := c.values(m.Mail); len(mail) == 1 {
			f.Mail = mail[0]
		}
		f.MailVerified, _ = c.at(m.Mail + "_verified").(bool)
	}
	for _, r := range m.Rules {
		if w, ok := r.wanted(c); ok && !slices.ContainsFunc(f.Wanted, func(o user.Wanted) bool {
			return o.Role == w.Role && o.Reach.Same(w.Reach)
		}) {
			f.Wanted = append(f.Wanted, w)
		}
	}
	return f, nil
}

// wanted is what a rule grants to whom claims are of.
func (r Rule) wanted(c Claims) (w user.Wanted, ok bool) {
	w = user.Wanted{Role: r.Role, Reach: r.Reach}
	var met []string
	for _, when := range r.When {
		i := slices.IndexFunc(c.values(when.Claim), func(v string) bool { return slices.Contains(when.Values, v) })
		if i < 0 {
			return w, false
		}
		met = append(met, when.Claim+"="+c.values(when.Claim)[i])
	}
	if r.From.Kind != "" {
		var names []string
		for _, v := range c.values(r.From.Claim) {
			if name, ok := strings.CutPrefix(v, r.From.Prefix); ok && name != "" {
				names = append(names, name)
			}
		}
		if w.Reach = r.From.reach(names); w.Reach.Nothing() {
			return w, false
		}
	}
	w.Reason = printable(strings.Join(met, " "))
	return w, true
}

// mostReason bounds what is kept of the claims as the reason of a grant, in characters.
const mostReason = 300

func printable(text string) string {
	runes := []rune(strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return '·'
		}
		return r
	}, text))
	return string(runes[:min(len(runes), mostReason)])
}

// one is a claim that has one value.
func (c Claims) one(name string) (string, error) {
	switch v := c.values(name); len(v) {
	case 0:
		return "", domain.Invalid("providerClaim", domain.Clip(name), "claim-missing",
			"is not among what the identity provider says of the person; let the provider send it, or map another claim", "4")
	case 1:
		return v[0], nil
	default:
		return "", domain.Invalid("providerClaim", domain.Clip(name), "claim-ambiguous",
			"has several values, and one is asked for; map another claim", "4")
	}
}

// values are those of a claim, as text: one, or the elements of a list.
func (c Claims) values(name string) (out []string) {
	list, ok := c.at(name).([]any)
	if !ok {
		list = []any{c.at(name)}
	}
	for _, v := range list {
		switch v := v.(type) {
		case string:
			if v != "" {
				out = append(out, v)
			}
		case bool:
			out = append(out, strconv.FormatBool(v))
		case json.Number:
			out = append(out, v.String())
		case float64:
			out = append(out, strconv.FormatFloat(v, 'f', -1, 64))
		}
	}
	return out
}

// at is a claim by its name; by a name with dots, too, what lies within others:
// realm_access.roles.
func (c Claims) at(name string) any {
	if v, ok := c[name]; ok {
		return v
	}
	outer, inner, ok := strings.Cut(name, ".")
	if within, is := c[outer].(map[string]any); ok && is {
		return Claims(within).at(inner)
	}
	return nil
}
