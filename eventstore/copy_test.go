package eventstore

import (
	"math/big"
	"reflect"
	"testing"
	"time"

	"github.com/shopspring/decimal"
)

type inner struct {
	name  string
	lines []string
	next  *inner
}

type held struct {
	m      map[string]inner
	p      map[string]*inner
	order  []*inner
	nested map[string]map[int][]int
	any    any
	array  [2][]int
	amount decimal.Decimal
	when   time.Time
	empty  map[string]int
	none   []int
}

func fullyHeld() *held {
	one := &inner{name: "one", lines: []string{"a", "b"}}
	one.next = one
	return &held{
		m:      map[string]inner{"k": {name: "v", lines: []string{"x"}}},
		p:      map[string]*inner{"one": one},
		order:  []*inner{one, nil},
		nested: map[string]map[int][]int{"a": {1: {2, 3}}},
		any:    map[string]int{"n": 1},
		array:  [2][]int{{1}, {2}},
		amount: decimal.RequireFromString("373.06"),
		when:   time.Unix(1, 2),
		none:   []int{},
	}
}

func TestACopySharesNothingThatChanges(t *testing.T) {
	state := fullyHeld()
	c := copyOf(state).(*held)
	if !reflect.DeepEqual(state, c) {
		t.Fatalf("the copy is %+v", c)
	}
	if c.p["one"] != c.order[0] || c.p["one"].next != c.p["one"] {
		t.Error("what was shared within the state is not shared within the copy")
	}
	if c.empty != nil || c.none == nil || c.order[1] != nil {
		t.Error("nothing and empty are not told apart")
	}
	// Whatever is done to the copy, the state stays.
	c.m["k"].lines[0] = "changed"
	c.m["new"] = inner{}
	c.p["one"].name = "changed"
	c.p["one"].lines[1] = "changed"
	c.order[1] = &inner{}
	c.nested["a"][1][0] = 9
	c.nested["b"] = nil
	c.any.(map[string]int)["n"] = 9
	c.array[0][0] = 9
	c.amount = c.amount.Add(decimal.NewFromInt(1))
	if !reflect.DeepEqual(state, fullyHeld()) {
		t.Errorf("the state was changed with its copy: %+v", state)
	}
}

func TestWhatNobodyChangesIsNotCopied(t *testing.T) {
	for _, is := range []reflect.Type{
		reflect.TypeFor[decimal.Decimal](), reflect.TypeFor[time.Time](), reflect.TypeFor[*big.Int](),
		reflect.TypeFor[[3]string](),
	} {
		if !plain(is) {
			t.Errorf("%v is copied", is)
		}
	}
}
