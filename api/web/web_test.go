package web

import (
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// What the bundle is made of: scripts/sources.mjs takes the same digest.
func sources(t *testing.T) string {
	t.Helper()
	paths := []string{"index.html", "package-lock.json", "tsconfig.json", "vite.config.ts"}
	for _, folder := range []string{"public", "src"} {
		if err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() && path != "src/api/schema.ts" && !strings.HasSuffix(path, ".test.ts") &&
				!strings.HasSuffix(path, ".test.tsx") {
				paths = append(paths, path)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	slices.Sort(paths)
	all := sha256.New()
	for _, path := range paths {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		one := sha256.Sum256(content)
		io.WriteString(all, hex.EncodeToString(one[:])+"  "+path+"\n")
	}
	return hex.EncodeToString(all.Sum(nil))
}

func TestBundleIsOfTheseSources(t *testing.T) {
	files, err := unpack(bundle)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.TrimSpace(string(files["SOURCES"].plain)); got != sources(t) {
		t.Errorf("console.zip was made from other sources: run `make web` and commit it")
	}
}

func TestTypesAreOfTheDocument(t *testing.T) {
	document, err := os.ReadFile("openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	types, err := os.ReadFile("src/api/schema.ts")
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(document)
	if first, _, _ := strings.Cut(string(types), "\n"); !strings.Contains(first, hex.EncodeToString(sum[:])) {
		t.Error("src/api/schema.ts was made from another openapi.json: run `make openapi`")
	}
}

func get(t *testing.T, path string, header ...string) *http.Response {
	t.Helper()
	console, err := Open()
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodGet, path, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	if !console.Serves(r) {
		w.WriteHeader(http.StatusNotFound)
		return w.Result()
	}
	console.ServeHTTP(w, r)
	return w.Result()
}

const browser = "text/html,application/xhtml+xml,*/*;q=0.8"

func TestEveryAddressOfTheConsoleOpensIt(t *testing.T) {
	for _, path := range []string{"/", "/receivables", "/charges/C02/F3-C02-00107", "/assets/../receivables"} {
		res := get(t, path, "Accept", browser)
		body, _ := io.ReadAll(res.Body)
		if res.StatusCode != http.StatusOK || !strings.Contains(string(body), `<div id="root">`) {
			t.Errorf("%s: status %d, %.60q", path, res.StatusCode, body)
		}
		if res.Header.Get("Content-Security-Policy") != Policy || res.Header.Get("Cache-Control") != "no-cache" {
			t.Errorf("%s: headers %v", path, res.Header)
		}
	}
}

func TestWhatIsNoPageIsNotAnsweredByOne(t *testing.T) {
	for path, accept := range map[string]string{
		"/assets/index-0ld.js": browser, // of an older console: a page in its place would be taken for a script
		"/v1/receivable":       browser,
		"/receivables":         "application/json", // no browser
	} {
		if res := get(t, path, "Accept", accept); res.StatusCode != http.StatusNotFound {
			t.Errorf("%s for %s: status %d", path, accept, res.StatusCode)
		}
	}
}

func TestScriptsAreKeptForEverAndCompressed(t *testing.T) {
	files, err := unpack(bundle)
	if err != nil {
		t.Fatal(err)
	}
	scripts := 0
	for name, f := range files {
		if !strings.HasPrefix(name, hashed) {
			continue
		}
		scripts++
		res := get(t, "/"+name, "Accept-Encoding", "gzip, br")
		if res.Header.Get("Cache-Control") != "public, max-age=31536000, immutable" {
			t.Errorf("%s: Cache-Control %q", name, res.Header.Get("Cache-Control"))
		}
		z, err := gzip.NewReader(res.Body)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if body, err := io.ReadAll(z); err != nil || string(body) != string(f.plain) {
			t.Errorf("%s: what gzip gives is not the file: %v", name, err)
		}
		if res := get(t, "/"+name, "If-None-Match", f.tag); res.StatusCode != http.StatusNotModified {
			t.Errorf("%s: known content is sent again: status %d", name, res.StatusCode)
		}
	}
	if scripts == 0 {
		t.Error("the bundle has no scripts")
	}
}

func TestWordsOfTheTradeAreServed(t *testing.T) {
	body, _ := io.ReadAll(get(t, "/names.txt").Body)
	if !strings.Contains(string(body), "[domain.Role]\ndepartment-manager = 部门经理") {
		t.Errorf("names: %.80q", body)
	}
}
