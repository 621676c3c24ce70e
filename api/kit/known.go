package kit

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"strings"
	"sync"

	"aftersales-ledger/api/wording"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/names"
	"aftersales-ledger/domain/project"
	"aftersales-ledger/domain/repair"
	"aftersales-ledger/domain/requisition"
	"aftersales-ledger/domain/ticket"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/projections"
)

// This file is where a request is held against what there is. Whatever a path
// or a filter names must exist: a question about what does not would be answered
// with zeros, which say that nothing is owed, missing or late.

// thing is what a parameter names.
type thing struct {
	kind projections.NameKind
	rule domain.Sentence // what is said of a name that is none
	// stream is where the log keeps it, so that it is known at once and without
	// the read models; nil: the read models know it.
	stream func(string) string
	kept   bool // there are few enough of them to be remembered
	// people: a user's login is one of them, too, though no document names it yet.
	people bool
}

// things are the parameters of paths and filters that name something, by their
// names. A field of a body that does is tagged with one of them, `known:"region"`.
var things = map[string]thing{
	"center": {kind: projections.CenterName, kept: true, rule: "is not a property center with an account",
		stream: func(id string) string { return account.Stream(domain.CenterID(id)) }},
	"project": {kind: projections.ProjectName, kept: true, rule: "is not a registered project",
		stream: func(id string) string { return project.Stream(domain.ProjectID(id)) }},
	"ticket": {kind: projections.TicketName, rule: "is not a registered ticket",
		stream: func(id string) string { return ticket.Stream(domain.TicketID(id)) }},
	"return": {kind: projections.ReturnName, rule: "is not a filed process sheet",
		stream: func(id string) string { return repair.Stream(domain.ReturnID(id)) }},
	"requisition": {kind: projections.RequisitionName, rule: "is not a requisition",
		stream: func(id string) string { return requisition.Stream(domain.RequisitionID(id)) }},
	"region":   {kind: projections.RegionName, rule: "is not a region of a center or a project", kept: true},
	"city":     {kind: projections.CityName, rule: "is not a city of a project", kept: true},
	"part":     {kind: projections.PartName, rule: "is not a part of the catalogue or of any document", kept: true},
	"maker":    {kind: projections.MakerName, rule: "is not a maker of any device", kept: true},
	"supplier": {kind: projections.SupplierName, rule: "is not a supplier of any repair", kept: true},
	"request":  {kind: projections.RequestName, rule: "is not a payment request"},
	"serial":   {kind: projections.SerialName, rule: "is not the serial number of any unit"},
	"count":    {kind: projections.CountName, rule: "is not the number of a stock count"},
	"owner": {kind: projections.OwnerName, people: true,
		rule: "is neither a user nor a role that looks into findings, and was assigned none"},
}

// periods are the parameters of questions that name a quarter or a month. One
// that has not begun, or in which the books had not, does not exist either.
var periods = map[string]bool{"quarter": true, "through": true, "posted": true, "month": true}

// span is the first and the last day of a quarter or a month; ok is false for
// what is neither, which its reader refuses.
func span(s string) (first, last calendar.Date, ok bool) {
	if q, err := calendar.ParseQuarter(s); err == nil {
		return q.First(), q.Last(), true
	}
	m, err := calendar.ParseMonth(s)
	return m.First(), m.Last(), err == nil
}

// named is one value of a request that names something.
type named struct {
	field  string
	index  []int
	inPath bool
}

// naming are the values of one kind of request that name something.
type naming struct {
	things, periods []named
	asOf            []int
	texts           map[string][]int // of the query and the path, by name
	ofMoney         bool             // what the books say: before their first day there is nothing
}

// moneyRooms are the rooms, by the first part of a path, whose questions are about the books.
var moneyRooms = []string{
	"receivables", "reconciliation", "trial-balance", "charges", "payments", "statements", "collection", "corrections",
	"disputes", "charge-reports", "centers",
}

// NamingOf finds them among the parameters, and among the tagged fields of the
// body.
func NamingOf(t reflect.Type) (n naming) {
	for _, f := range reflect.VisibleFields(t) {
		if f.Type.Kind() != reflect.String {
			if f.Name == "Body" && f.Type.Kind() == reflect.Struct {
				for _, b := range reflect.VisibleFields(f.Type) {
					if b.Tag.Get("known") != "" {
						n.things = append(n.things, named{b.Tag.Get("known"), slices.Concat(f.Index, b.Index), false})
					}
				}
			}
			continue
		}
		name, inPath := f.Tag.Lookup("path")
		if !inPath {
			name, _, _ = strings.Cut(f.Tag.Get("query"), ",")
		}
		if name != "" {
			if n.texts == nil {
				n.texts = make(map[string][]int)
			}
			n.texts[name] = f.Index
		}
		switch {
		case name == "count" && inPath: // of the project that the path names, which knows its own
		case things[name].kind != "":
			n.things = append(n.things, named{name, f.Index, inPath})
		case periods[name]:
			n.periods = append(n.periods, named{name, f.Index, inPath})
		case name == "asOf":
			n.asOf = f.Index
		}
	}
	return n
}

// knownNames remembers what was found: what exists once exists for ever. Whether it
// lies within the scope of who asks is asked each time.
type knownNames struct{ found sync.Map }

// mustName refuses a request that names what does not exist, with the names
// that are nearest.
func (s *Service) mustName(ctx context.Context, n naming, in any) error {
	v := reflect.ValueOf(in).Elem()
	for _, name := range n.things {
		if value := v.FieldByIndex(name.index).String(); value != "" {
			if err := s.mustBeKnown(ctx, name, value); err != nil {
				return err
			}
		}
	}
	return nil
}

// unknown is the refusal: of a path, there is no such resource; of a filter or a
// body, the value is wrong.
func (n named) unknown(kind, value string, rule domain.Sentence, args ...any) error {
	if n.inPath {
		return domain.NotFound(n.field, value, "unknown-"+kind, rule, args...)
	}
	return domain.Invalid(n.field, value, "unknown-"+kind, rule, "", args...)
}

func (s *Service) mustBeKnown(ctx context.Context, n named, value string) error {
	return s.mustBe(ctx, n.field, n, value)
}

// MustBeRegion implements [ledger.Places].
func (s *Service) MustBeRegion(ctx context.Context, field, name string) error {
	return s.mustBe(ctx, "region", named{field: field}, name)
}

// MustBeCity implements [ledger.Places].
func (s *Service) MustBeCity(ctx context.Context, field, name string) error {
	return s.mustBe(ctx, "city", named{field: field}, name)
}

// mustBe refuses a value that is none of a kind of things.
func (s *Service) mustBe(ctx context.Context, kind string, n named, value string) error {
	thing := things[kind]
	inside, _ := within(ctx, thing.kind, value)
	inside = inside || ScopeOf(ctx).IsWhole()
	key := kind + "\x00" + value
	if _, found := s.names.found.Load(key); found && inside {
		return nil
	}
	if thing.people {
		if known, err := s.isSomebody(ctx, thing, value); known || err != nil {
			return err
		}
	}
	if thing.stream != nil {
		if err := domain.CheckID(n.field, value); err != nil {
			return err
		}
	}
	found, nearest, err := s.look(ctx, thing, value)
	switch {
	case err != nil:
		return err
	case found == missing && thing.people:
		nearest = s.naming(ctx, nearest)
	}
	switch {
	case found == missing && (ActorOf(ctx).Role.OfCenter() || len(nearest) == 0):
		// A center's people are not told of others.
		if !ScopeOf(ctx).IsWhole() && !thing.people {
			return n.unknown(kind, value, noneWithin)
		}
		return n.unknown(kind, value, thing.rule)
	case found == missing && !ScopeOf(ctx).IsWhole():
		return n.unknown(kind, value, nearestWithin, nearest)
	case found == missing:
		return n.unknown(kind, value, nearestAre, nearest)
	case found == there && thing.kept && inside:
		s.names.found.Store(key, true)
	}
	return nil
}

// MustBeCenter refuses a center of a row of a body that is none, for the row's own outcome.
func (s *Service) MustBeCenter(ctx context.Context, field, name string) error {
	return s.mustBe(ctx, "center", named{field: field}, name)
}

// Told is a refusal as who makes the request is told of it: people by their names, and of
// what does not exist the nearest that does and lies within their reach.
func (s *Service) Told(ctx context.Context, r *domain.Rejection) *domain.Rejection {
	told := *s.offering(ctx, r)
	told.Rule = wording.NamingPeople(told.Rule, s.Deps.Ledger.People().Name)
	return &told
}

// Refusal says a refusal to who makes the request, such as of one row of several.
func (s *Service) Refusal(ctx context.Context, r *domain.Rejection) string {
	return wording.Of(ctx).RefusalIn(roomOf(ctx), s.Told(ctx, r))
}

// Recorded says what the log holds of why somebody was refused what they wanted to decide,
// which it holds in English, to who makes the request.
func (s *Service) Recorded(ctx context.Context, said string) string {
	return wording.Of(ctx).Say(wording.NamingPeople(wording.Recorded(said), s.Deps.Ledger.People().Name))
}

// offering is a command's refusal of a name that is none, with the names that are
// nearest: a body is told what a path and a filter are told.
func (s *Service) offering(ctx context.Context, r *domain.Rejection) *domain.Rejection {
	if administers := ActorOf(ctx).Role == domain.Administrator; administers && r.Code == "unknown-login" && r.There == nil {
		r = s.Deps.Ledger.People().Nobody(r.Field, r.Value)
	}
	if len(r.There) == 0 {
		r = s.elsewhere(ctx, r)
	}
	if len(r.There) > 0 {
		seen := *r
		seen.There = slices.DeleteFunc(slices.Clone(r.There), func(e domain.Existing) bool {
			return e.Project != "" && !ScopeOf(ctx).KnowsProject(e.Project)
		})
		return &seen
	}
	kind, _ := strings.CutPrefix(r.Code, "unknown-")
	thing := things[kind]
	if r.Kind != domain.KindNotFound || thing.stream == nil || len(r.Rule.Args) > 0 {
		return r
	}
	says := nearestAre
	if !ScopeOf(ctx).IsWhole() {
		within := *r
		within.Rule = domain.Say(noneWithin)
		r, says = &within, nearestWithin
	}
	if ActorOf(ctx).Role.OfCenter() {
		return r
	}
	_, nearest, err := s.lookInReadModels(ctx, ScopeOf(ctx), thing.kind, r.Value)
	nearest = slices.DeleteFunc(nearest, func(n domain.NamedID) bool { return n.ID == r.Value })
	if err != nil || len(nearest) == 0 {
		return r
	}
	offered := *r
	offered.Rule = domain.Say(says, nearest)
	return &offered
}

// inRecords are the references to what one record holds, by their code and field.
var inRecords = map[[2]string]projections.NameKind{
	{"unknown-line", "line"}:       projections.FaultLineName, // a ticket's
	{"unknown-demand", "claim"}:    projections.ClaimName,     // a center's
	{"unknown-demand", "reminder"}: projections.ReminderName,
}

// elsewhere is a refusal of what a record does not hold, which holds none of its kind, with the
// nearest that others within reach hold. A center's people are not told of others.
func (s *Service) elsewhere(ctx context.Context, r *domain.Rejection) *domain.Rejection {
	kind, held := inRecords[[2]string{r.Code, r.Field}]
	if !held || ActorOf(ctx).Role.OfCenter() {
		return r
	}
	if _, nearest, err := s.lookInReadModels(ctx, ScopeOf(ctx), kind, r.Value); err == nil {
		offered := *r
		return offered.Among(domain.Named(nearest))
	}
	return r
}

// naming gives people and roles their names beside their codes.
func (s *Service) naming(ctx context.Context, list []domain.NamedID) []domain.NamedID {
	for i, one := range list {
		list[i].Name = s.Deps.Ledger.People().Name(one.ID)
		if role, is := names.Find(domain.Role(one.ID)); is && wording.Of(ctx) != wording.English {
			list[i].Name = role
		}
	}
	return list
}

// isSomebody reports whether a name is that of a user whom who asks may know of, or of whoever
// some document of the company names so and who is no user: what people decided on findings
// lies nowhere by itself.
func (s *Service) isSomebody(ctx context.Context, t thing, value string) (bool, error) {
	if _, user := s.Deps.Ledger.People().User(value); user {
		return s.KnowsPerson(ctx, value)
	}
	found, _, err := s.lookInReadModels(ctx, access.Whole(), t.kind, value)
	return found == there, err
}

// KnowsPerson reports whether who makes a request may know that a login is a user's: their own,
// and those of whoever reaches something that they reach. Of others they are told as of
// nobody's.
func (s *Service) KnowsPerson(ctx context.Context, login string) (bool, error) {
	p, known := s.Deps.Ledger.People().Person(login)
	if !known || ScopeOf(ctx).IsWhole() || string(p.Login) == ActorOf(ctx).Name {
		return known, nil
	}
	var reach access.Reach
	for _, g := range p.Grants {
		reach = reach.And(g.Reach)
	}
	scope, err := s.Deps.Ledger.Scope(ctx, reach)
	return err == nil && (scope.IsWhole() || scope.Meets(ScopeOf(ctx))), err
}

// MustExist refuses a question about what does not exist.
func (s *Service) MustExist(ctx context.Context, n naming, in any) error {
	if err := s.mustName(ctx, n, in); err != nil {
		return err
	}
	if err := s.mustAgree(ctx, n, in); err != nil {
		return err
	}
	return s.mustHaveBegun(ctx, n, in)
}

const nearby = wording.Nearby

const nearestAre domain.Sentence = "does not exist; the nearest are %v"

// What lies outside of somebody's reach is refused in the words of what does not exist,
// and these are true of both.
const (
	noneWithin    domain.Sentence = "is none within your reach"
	nearestWithin domain.Sentence = "is none within your reach; the nearest are %v"
)

// verdict is what is known of a name. Where the read models cannot be asked,
// nobody can tell: a command goes on without them, and a question that needs
// them says itself how far they are behind.
type verdict int

const (
	cannotTell verdict = iota
	missing
	there
)

// within reports whether what lies within the scope of who asks names a center, a
// project or a region; ok is false for another kind, which is looked for.
func within(ctx context.Context, kind projections.NameKind, value string) (yes, ok bool) {
	a := askerOf(ctx)
	switch kind {
	case projections.CenterName:
		if id := domain.CenterID(value); a.action != nil && a.action.Reach == OfCenters {
			return a.scope.Has(access.Place{Center: id}), true // its account itself
		}
		return a.scope.KnowsCenter(domain.CenterID(value)), true
	case projections.ProjectName:
		return a.scope.KnowsProject(domain.ProjectID(value)), true
	case projections.RegionName:
		if a.action != nil && a.action.Reach == OfRegions {
			return a.scope.Has(access.Place{Region: value}), true // all of it
		}
		return a.scope.KnowsRegion(value), true
	}
	return false, false
}

// look finds a name in the log, or else in the read models. What lies outside the
// scope of who asks is not found.
func (s *Service) look(ctx context.Context, t thing, value string) (verdict, []domain.NamedID, error) {
	inside, placed := within(ctx, t.kind, value)
	if t.stream == nil && (inside || !placed) {
		return s.lookInReadModels(ctx, ScopeOf(ctx), t.kind, value)
	}
	log := s.Ledger(ctx)
	if inside {
		log = s.Deps.Ledger.Under(access.Whole()) // a stream of it need not lie within the scope
	}
	if t.stream == nil || placed && !inside {
		_, nearest, err := s.Deps.ReadModels.Named(ctx, ScopeOf(ctx), t.kind, value, nearby)
		if err != nil && ctx.Err() == nil {
			return missing, nil, nil
		}
		return missing, slices.DeleteFunc(nearest, func(n domain.NamedID) bool { return n.ID == value }), err
	}
	exists, err := log.Exists(ctx, t.stream(value))
	switch {
	case err != nil:
		return cannotTell, nil, err
	case exists:
		return there, nil, nil
	}
	_, nearest, err := s.Deps.ReadModels.Named(ctx, ScopeOf(ctx), t.kind, value, nearby)
	if err != nil && ctx.Err() == nil {
		return missing, nil, nil // the log has answered; only which names are near is not known
	}
	return missing, nearest, err
}

// lookInReadModels gives them the time to take up what was recorded a moment ago.
func (s *Service) lookInReadModels(
	ctx context.Context, scope access.Scope, kind projections.NameKind, value string,
) (verdict, []domain.NamedID, error) {
	known, nearest, err := s.Deps.ReadModels.Named(ctx, scope, kind, value, nearby)
	if !known && err == nil {
		var head eventstore.Position
		if head, err = s.Ledger(ctx).Head(ctx); err == nil {
			if err = s.Deps.ReadModels.Follow(ctx, uint64(head)); err == nil {
				known, nearest, err = s.Deps.ReadModels.Named(ctx, scope, kind, value, nearby)
			}
		}
	}
	switch {
	case ctx.Err() != nil:
		return cannotTell, nil, ctx.Err()
	case err != nil:
		return cannotTell, nil, nil
	case known:
		return there, nil, nil
	}
	return missing, nearest, nil
}

// firstDay is the day before which a question is about nothing: that of the books for what they
// say, of whatever goes on in the projects for all else.
func (n naming) firstDay(b projections.Begun) calendar.Date {
	if n.ofMoney {
		return b.Books
	}
	return b.Anything
}

// mustHaveBegun refuses a question about a quarter or a month in which there
// was nothing yet, or that begins after the day asked for.
func (s *Service) mustHaveBegun(ctx context.Context, n naming, in any) error {
	v := reflect.ValueOf(in).Elem()
	today := calendar.DateOf(s.Deps.Clock())
	if n.asOf != nil {
		if d, err := calendar.ParseDate(v.FieldByIndex(n.asOf).String()); err == nil {
			today = max(today, d)
		}
	}
	for _, name := range n.periods {
		value := v.FieldByIndex(name.index).String()
		first, last, ok := span(value)
		switch {
		case !ok:
			continue
		case first.After(today):
			return name.unknown(name.field, value, "begins after %s", today)
		}
		before := func(b projections.Begun) bool { return last.Before(n.firstDay(b)) }
		begun, err := s.begun(ctx, before)
		switch behind := (*projections.StatusError)(nil); {
		case errors.As(err, &behind): // whoever needs the read models will say so
		case err != nil:
			return err
		case before(begun) && n.ofMoney:
			return name.unknown(name.field, value, "ends before %s, the first day of the books", n.firstDay(begun))
		case before(begun):
			return name.unknown(name.field, value, "ends before %s, the day of the first record", n.firstDay(begun))
		}
	}
	return nil
}

// begun says since when there is anything to be asked about; whatever was recorded up to
// now is read before somebody is told that a question lies before it.
func (s *Service) begun(ctx context.Context, before func(projections.Begun) bool) (projections.Begun, error) {
	begun, err := s.Deps.ReadModels.Begun(ctx, before)
	if err != nil || !before(begun) {
		return begun, err
	}
	if head, err := s.Ledger(ctx).Head(ctx); err != nil || s.Deps.ReadModels.Follow(ctx, uint64(head)) != nil {
		return begun, ctx.Err() // while the log is away what is known stands
	}
	return s.Deps.ReadModels.Begun(ctx, before)
}
