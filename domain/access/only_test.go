package access_test

import (
	"testing"

	"pgregory.net/rapid"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
)

// What a reach names is asked word by word: Only names what both do, neither more
// nor less, in either order.
func TestWhatTwoReachesBothNameIsAllThatIsLeft(t *testing.T) {
	draw := func(t *rapid.T, label string) access.Reach {
		some := func(kind string) (list []string) {
			for _, n := range []string{"1", "2", "3"} {
				if rapid.Bool().Draw(t, label+kind+n) {
					list = append(list, kind+n)
				}
			}
			return list
		}
		r := access.Reach{Regions: some("r"), Cities: some("c")}
		for _, p := range some("p") {
			r.Projects = append(r.Projects, domain.ProjectID(p))
		}
		for _, c := range some("z") {
			r.Centers = append(r.Centers, domain.CenterID(c))
		}
		if rapid.IntRange(0, 5).Draw(t, label+"all") == 0 {
			return access.Everything()
		}
		return r
	}
	names := func(r access.Reach, kind, n string) bool {
		if r.All {
			return true
		}
		word := kind + n
		for _, list := range [][]string{r.Regions, r.Cities} {
			for _, v := range list {
				if v == word {
					return true
				}
			}
		}
		for _, v := range r.Projects {
			if string(v) == word {
				return true
			}
		}
		for _, v := range r.Centers {
			if string(v) == word {
				return true
			}
		}
		return false
	}
	rapid.Check(t, func(t *rapid.T) {
		a, b := draw(t, "a"), draw(t, "b")
		got := a.Only(b)
		if !got.Same(b.Only(a)) {
			t.Fatalf("%+v only %+v is not the same the other way round", a, b)
		}
		for _, kind := range []string{"r", "c", "p", "z"} {
			for _, n := range []string{"1", "2", "3", "4"} {
				if want := names(a, kind, n) && names(b, kind, n); names(got, kind, n) != want {
					t.Fatalf("%+v only %+v names %s%s: %t", a, b, kind, n, !want)
				}
			}
		}
	})
}
