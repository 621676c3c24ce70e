package kit

import (
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"aftersales-ledger/eventstore"
)

// Whatever stands in an If-Match, it is refused or names what its sender saw: nobody's
// condition is left out unsaid. What we gave out is understood as it was meant.
func FuzzAConditionIsNeverLeftOut(f *testing.F) {
	for _, text := range []string{
		`"account-C01:7"`, `W/"account-C01:7-gzip"`, `W/"!abc_-!account-C01:7-zstd"`, `"!account-C01:7"`, `"!!:7"`, `":7"`, `"!x!:7"`,
		`"a:99999999999999999999"`, "*", `"a:1", "b:2"`, `"a:-1"`,
	} {
		f.Add(text, "account-C01", int64(7))
	}
	field, _ := reflect.TypeFor[CommandHeaders]().FieldByName("IfMatch")
	form := regexp.MustCompile(field.Tag.Get("pattern"))
	f.Fuzz(func(t *testing.T, header, stream string, revision int64) {
		if form.MatchString(header) {
			b := beliefOf(header)
			if b.Stream == "" || !strings.Contains(header, b.Stream+":") {
				t.Errorf("%q is taken for %+v", header, b)
			}
		}
		if revision < 0 || stream == "" || strings.HasPrefix(stream, "!") || strings.Contains(stream, `"`) {
			return
		}
		tag := tagOfStream(stream, eventstore.Revision(revision))
		for _, given := range []string{
			tag, strings.TrimSuffix(tag, `"`) + CompressedSuffix + `"`,
			showing(tagOfContent(stream), fmt.Sprintf("%s:%d", stream, revision)),
		} {
			want := eventstore.Belief{Stream: stream, Revision: eventstore.Revision(revision)}
			if got := beliefOf(given); got != want {
				t.Errorf("%s is taken for %+v, want %+v", given, got, want)
			}
		}
	})
}
