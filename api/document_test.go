package api_test

import (
	"bytes"
	"compress/gzip"
	"flag"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/oasdiff/oasdiff/checker"
	"github.com/oasdiff/oasdiff/diff"
	"github.com/oasdiff/oasdiff/load"
)

// release writes the present document as that of the last release: at a release,
// or to break the API knowingly.
var release = flag.Bool("release", false, "keep the API's document as that of the last release")

// released is the document of the last release, in OpenAPI 3.0.
const released = "testdata/released.json.gz"

// document is what the server says of its API.
func document(t *testing.T, path string) []byte {
	t.Helper()
	rec := httptest.NewRecorder()
	newWorld(t).handler.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, path, nil))
	if rec.Code != http.StatusOK {
		t.Fatalf("%s answers %d", path, rec.Code)
	}
	return rec.Body.Bytes()
}

var newer = regexp.MustCompile(`"contentMediaType":"application/octet-stream",|"const":"[a-z]+",`)

func parsed(t *testing.T, src []byte) *openapi3.T {
	t.Helper()
	doc, err := openapi3.NewLoader().LoadFromData(src)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// The document is valid in both versions of OpenAPI that it is served in, and says
// where the API is and under which licence.
func TestTheDocumentOfTheAPIIsValid(t *testing.T) {
	for _, path := range []string{"/openapi.json", "/openapi-3.0.json"} {
		src := document(t, path)
		if path == "/openapi-3.0.json" {
			// Said of files and of kinds of live events, these are no part of 3.0; its readers pass them over.
			src = newer.ReplaceAll(src, nil)
		}
		doc := parsed(t, src)
		if err := doc.Validate(t.Context()); err != nil {
			t.Errorf("%s: %v", path, err)
		}
		if len(doc.Servers) == 0 || doc.Info.License == nil || doc.Info.License.Name == "" {
			t.Errorf("%s names no server or no licence", path)
		}
	}
}

// What a client of the last release sends is still taken, and what it reads is
// still answered.
func TestNoClientOfTheLastReleaseIsBroken(t *testing.T) {
	now := document(t, "/openapi-3.0.json")
	if *release {
		var b bytes.Buffer
		z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := z.Write(now); err != nil {
			t.Fatal(err)
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(released, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	f, err := os.Open(released)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	then, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	for _, broken := range breaks(t, then, now) {
		t.Errorf("a client of the last release is broken: %s\n(if that is meant: go test ./api -run LastRelease -release)", broken)
	}
}

// breaks lists what a client of one document cannot do with the other.
func breaks(t *testing.T, then, now []byte) (list []string) {
	t.Helper()
	from, to := &load.SpecInfo{Url: "released", Spec: parsed(t, then)}, &load.SpecInfo{Url: "now", Spec: parsed(t, now)}
	differences, sources, err := diff.GetWithOperationsSourcesMap(diff.NewConfig(), from, to)
	if err != nil {
		t.Fatal(err)
	}
	english := checker.NewDefaultLocalizer()
	for _, c := range checker.CheckBackwardCompatibility(checker.NewConfig(checker.GetAllChecks()), differences, sources) {
		if c.GetLevel() == checker.ERR {
			list = append(list, c.GetOperation()+" "+c.GetPath()+": "+c.GetUncolorizedText(english))
		}
	}
	return list
}

// The comparison sees what it is for.
func TestABrokenAPIIsSeen(t *testing.T) {
	now := document(t, "/openapi-3.0.json")
	for name, change := range map[string][2]string{
		"a path that is gone":                 {`"/v1/receivables":`, `"/v1/receivable":`},
		"a parameter that is gone or renamed": {`"name":"Idempotency-Key"`, `"name":"Idempotence-Key"`},
		"a field of an answer that is gone":   {`"position":{`, `"place":{`},
	} {
		then := now
		changed := bytes.ReplaceAll(now, []byte(change[0]), []byte(change[1]))
		if bytes.Equal(changed, then) {
			t.Fatalf("%s: the document has no %s", name, change[0])
		}
		if len(breaks(t, then, changed)) == 0 {
			t.Errorf("%s breaks nobody", name)
		}
	}
}
