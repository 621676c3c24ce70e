package imports

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/eventstore/ledger"
	"aftersales-ledger/projections"
	"aftersales-ledger/projections/money"
)

// Directory lists the projects and the centers by name.
type Directory func(ctx context.Context) (projects, centers []domain.NamedID, err error)

// DirectoryOf is the directory of what lies within a scope, as the read models have
// it.
func DirectoryOf(m *projections.ReadModels, scope access.Scope) Directory {
	return func(ctx context.Context) (projects, centers []domain.NamedID, err error) {
		names, err := money.Of(m).Directory(ctx, scope)
		if err != nil {
			return nil, nil, err
		}
		for _, p := range names.Projects {
			projects = append(projects, domain.NamedID{ID: string(p.ID), Name: p.Name})
		}
		for _, c := range names.Centers {
			centers = append(centers, domain.NamedID{ID: string(c.Center), Name: c.Name})
		}
		return projects, centers, nil
	}
}

// names finds projects and centers by what a list calls them: by number, else by
// name, as it is or but for blanks and marks. Several are a question and none is
// a refusal with the nearest.
type names struct {
	ledger    *ledger.Ledger
	directory Directory
	asked     bool
	failed    error
	lists     map[string][]domain.NamedID
	found     map[string]found // by kind and text
}

type found struct {
	id  string
	err error
}

func namesOf(l *ledger.Ledger, directory Directory) *names {
	return &names{ledger: l, directory: directory, found: make(map[string]found)}
}

func (n *names) project(ctx context.Context, text string) (domain.ProjectID, error) {
	id, err := n.find(ctx, "project", text,
		func(id string) error { return n.ledger.MustKnowProject(ctx, domain.ProjectID(id)) })
	return domain.ProjectID(id), err
}

func (n *names) center(ctx context.Context, text string) (domain.CenterID, error) {
	id, err := n.find(ctx, "center", text,
		func(id string) error { return n.ledger.MustKnowCenter(ctx, domain.CenterID(id)) })
	return domain.CenterID(id), err
}

func (n *names) find(ctx context.Context, kind, text string, exists func(id string) error) (string, error) {
	key := kind + "\x00" + text
	f, known := n.found[key]
	if !known {
		f.id, f.err = n.look(ctx, kind, text, exists)
		n.found[key] = f
	}
	return f.id, f.err
}

func (n *names) look(ctx context.Context, kind, text string, exists func(id string) error) (string, error) {
	err := exists(text)
	var r *domain.Rejection
	if err == nil || !errors.As(err, &r) {
		return text, err
	}
	all, failed := n.load(ctx, kind)
	if failed != nil {
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		return "", err // without the names, what was said of the number holds
	}
	like := func(same func(domain.NamedID) bool) (found []domain.NamedID) {
		for _, x := range all {
			if same(x) {
				found = append(found, x)
			}
		}
		return found
	}
	found := like(func(x domain.NamedID) bool { return x.Name == text })
	if len(found) == 0 {
		found = like(func(x domain.NamedID) bool {
			return domain.PlainName(x.Name) == domain.PlainName(text) && domain.PlainName(text) != ""
		})
	}
	switch len(found) {
	case 1:
		return found[0].ID, nil
	case 0:
		return "", domain.NotFound(kind, domain.Clip(text), "unknown-name",
			"is neither the number nor the name of one; the nearest are %v", Nearest(all, text))
	}
	return "", domain.Conflict(kind, domain.Clip(text), "name-of-several",
		"is the name of several: %v; write the number of the one that is meant", "", found)
}

func (n *names) load(ctx context.Context, kind string) ([]domain.NamedID, error) {
	if !n.asked && n.directory != nil {
		projects, centers, err := n.directory(ctx)
		n.asked, n.failed = true, err
		n.lists = map[string][]domain.NamedID{"project": projects, "center": centers}
	}
	return n.lists[kind], n.failed
}

// Nearest are the three whose names, or numbers, are most like a text, the
// likest first; each number once, by the name that is likest.
func Nearest(all []domain.NamedID, text string) []domain.NamedID {
	type scored struct {
		domain.NamedID
		score float64
	}
	var list []scored
	of := domain.PlainName(text)
	for _, x := range all {
		list = append(list, scored{x, max(likeness(domain.PlainName(x.Name), of), likeness(domain.PlainName(x.ID), of))})
	}
	slices.SortStableFunc(list,
		func(a, b scored) int { return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.ID, b.ID)) })
	var out []domain.NamedID
	for _, x := range list {
		if len(out) < 3 && !slices.ContainsFunc(out, func(y domain.NamedID) bool { return y.ID == x.ID }) {
			out = append(out, x.NamedID)
		}
	}
	return out
}

// likeness is how much of two texts is common to them in order, from 0 to 1.
func likeness(a, b string) float64 {
	x, y := []rune(a), []rune(b)
	if len(x)+len(y) == 0 {
		return 0
	}
	row := make([]int, len(y)+1)
	for i := range x {
		before := 0
		for j := range y {
			above := row[j+1]
			if x[i] == y[j] {
				row[j+1] = before + 1
			} else {
				row[j+1] = max(row[j+1], row[j])
			}
			before = above
		}
	}
	return 2 * float64(row[len(y)]) / float64(len(x)+len(y))
}
