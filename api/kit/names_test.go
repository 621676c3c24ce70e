package kit

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func called(login string) string {
	return map[string]string{"wang.fang": "王芳", "li": `李 "四"`, "a\"b": "怪"}[login]
}

func TestPeopleAreNamedBesideTheirLoginsInAnswers(t *testing.T) {
	for _, c := range []struct{ answer, want string }{
		{`{"by":"wang.fang","n":1}`, `{"by":"wang.fang","byName":"王芳","n":1}`},
		{`{"by":"nobody"}`, `{"by":"nobody"}`},
		{`[{"closedBy":"li"},{"actor":"li"}]`, `[{"closedBy":"li","closedByName":"李 \"四\""},{"actor":"li","actorName":"李 \"四\""}]`},
		{`{"note":"by\":\"li","by":null,"replyBy":"li","login":"li"}`, `{"note":"by\":\"li","by":null,"replyBy":"li","login":"li"}`},
		{`{"a":["by","li"],"owner":"a\"b"}`, `{"a":["by","li"],"owner":"a\"b","ownerName":"怪"}`},
		{`{"by":{"by":"li"}}`, `{"by":{"by":"li","byName":"李 \"四\""}}`},
		{`"by"`, `"by"`}, {``, ``}, {`{"by":`, `{"by":`},
	} {
		if got := string(withNames([]byte(c.answer), called)); got != c.want {
			t.Errorf("%s became %s, want %s", c.answer, got, c.want)
		}
	}
}

func TestTheLoginsThatAnEventNamesAreFoundAtAnyDepth(t *testing.T) {
	data := []byte(`{"by":"li","note":"by wang","money":{"submittedBy":"wang.fang"},"lines":[{"technician":"li","respondBy":"x"}],"actor":""}`)
	if diff := cmp.Diff([]string{"li", "wang.fang"}, LoginsIn(data)); diff != "" {
		t.Error(diff)
	}
	if got := LoginsIn([]byte(`{`)); got != nil {
		t.Errorf("what is no JSON names %v", got)
	}
}

func TestThePeopleOfAnAnswerAreReadBack(t *testing.T) {
	answer := withNames([]byte(`{"rows":[{"by":"wang.fang","amount":"1.00"},{"of":{"actor":"li","by":"nobody"}}],"login":"x"}`),
		called)
	want := map[string]string{"wang.fang": "王芳", "li": `李 "四"`}
	if diff := cmp.Diff(want, PeopleIn(answer)); diff != "" {
		t.Error(diff)
	}
	for _, none := range []string{``, `{`, `[]`, `{"by":"li","byName":null}`, `{"part":"DS","partName":"门口机"}`} {
		if got := PeopleIn([]byte(none)); len(got) > 0 {
			t.Errorf("%s names %v", none, got)
		}
	}
}

// Whatever an answer says is still there: what was added are names and nothing else.
func TestNamesChangeNothingElseOfAnAnswer(t *testing.T) {
	texts := rapid.SampledFrom([]string{"li", "by", `","by":"li`, `\`, "\u2028<", "wang.fang", "x", "王", ""})
	keys := rapid.SampledFrom([]string{"by", "actor", "closedBy", "note", "replyBy", `q":"`})
	rapid.Check(t, func(t *rapid.T) {
		var value func(depth int) any
		value = func(depth int) any {
			switch kind := rapid.IntRange(0, 4).Draw(t, "kind"); {
			case kind == 0 && depth > 0:
				return []any{value(depth - 1), value(depth - 1)}
			case kind == 1 && depth > 0:
				return map[string]any{keys.Draw(t, "key"): value(depth - 1), keys.Draw(t, "key2"): value(depth - 1)}
			case kind == 2:
				return nil
			}
			return texts.Draw(t, "text")
		}
		said := map[string]any{"rows": value(4)}
		var b bytes.Buffer
		if err := NamingJSON(called).Marshal(&b, said); err != nil {
			t.Fatal(err)
		}
		var got any
		if err := json.Unmarshal(b.Bytes(), &got); err != nil {
			t.Fatalf("%s: %v", b.Bytes(), err)
		}
		// The oracle walks the values and adds the names to what it was given.
		var named func(v any) any
		named = func(v any) any {
			switch v := v.(type) {
			case []any:
				out := make([]any, len(v))
				for i := range v {
					out[i] = named(v[i])
				}
				return out
			case map[string]any:
				out := map[string]any{}
				for k, x := range v {
					out[k] = named(x)
					login, text := x.(string)
					if person := k == "by" || k == "actor" || k == "closedBy"; text && person && called(login) != "" {
						out[k+"Name"] = called(login)
					}
				}
				return out
			}
			return v
		}
		if diff := cmp.Diff(named(said), got); diff != "" {
			t.Fatal(diff)
		}
	})
}
