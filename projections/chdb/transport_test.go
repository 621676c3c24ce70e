package chdb

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func post(rawQuery, body string) *http.Request {
	return &http.Request{
		Method: http.MethodPost,
		URL:    &url.URL{Scheme: "http", Host: "embedded", RawQuery: rawQuery},
		Header: make(http.Header),
		Body:   io.NopCloser(strings.NewReader(body)),
	}
}

func TestParseRequest(t *testing.T) {
	for name, test := range map[string]struct {
		query, body string
		want        request
		data        string
	}{
		"select": {
			query: "database=d&default_format=Native&client_protocol_version=54460&query_id=q&max_threads=2&param_a=%0A",
			body:  "SELECT {a:String}",
			want: request{sql: "SELECT {a:String}", format: "Native", database: "d",
				settings: map[string]string{"max_threads": "2"}, params: []param{{"a", "\n"}}},
		},
		"insert with data": {
			query: "query=" + url.QueryEscape("INSERT INTO `t FORMAT x` (a) SETTINGS max_threads=1 FORMAT Native"),
			body:  "\x00\x01",
			want:  request{sql: "INSERT INTO `t FORMAT x` (a) SETTINGS max_threads=1", format: "Native", database: "default"},
			data:  "\x00\x01",
		},
		"insert with values in the body": {
			query: "query=" + url.QueryEscape("INSERT INTO t VALUES "),
			body:  "(1)",
			want:  request{sql: "INSERT INTO t VALUES (1)", format: "TSV", database: "default"},
		},
		"format of a select": {
			query: "query=" + url.QueryEscape("SELECT 1 FORMAT CSV"),
			want:  request{sql: "SELECT 1 FORMAT CSV", format: "TSV", database: "default"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := parseRequest(post(test.query, test.body))
			if err != nil {
				t.Fatal(err)
			}
			if (got.data != nil) != (test.data != "") {
				t.Fatalf("data: %v", got.data)
			}
			if got.data != nil {
				data, err := io.ReadAll(got.data)
				if err != nil || string(data) != test.data {
					t.Errorf("data %q, %v", data, err)
				}
				got.data = nil
			}
			if diff := cmp.Diff(test.want, got, cmp.AllowUnexported(request{}, param{})); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestParseRequestRefuses(t *testing.T) {
	multipart := post("", "")
	multipart.Header.Set("Content-Type", "multipart/form-data; boundary=x")
	zipped := post("", "")
	zipped.Header.Set("Content-Encoding", "gzip")
	for code, reqs := range map[int][]*http.Request{
		codeNotImplemented: {multipart, zipped, post("compress=1", ""), post("session_id=a", ""), post("role=r", "")},
		codeSyntax:         {post("a;b", ""), post("%zz", ""), post(url.QueryEscape("max_threads = 1, x")+"=1", "")},
	} {
		for _, req := range reqs {
			_, err := parseRequest(req)
			var ex exception
			if !errors.As(err, &ex) || ex.code != code {
				t.Errorf("%s %v: got %v", req.URL.RawQuery, req.Header, err)
			}
		}
	}
}

func FuzzParseRequest(f *testing.F) {
	f.Add("database=d&max_threads=2&param_a=%0A", "SELECT 1")
	f.Add("query=INSERT+INTO+t+FORMAT+Native", "\x00")
	f.Add("query=insert+into+t+format+csv%3B", "1")
	f.Add("%zz&compress=1", "")
	f.Fuzz(func(t *testing.T, query, body string) {
		r, err := parseRequest(post(query, body))
		if err != nil {
			var ex exception
			if !errors.As(err, &ex) {
				t.Fatalf("not an exception: %v", err)
			}
			return
		}
		for name := range r.settings {
			if strings.ContainsAny(name, " ,=;'`\n") {
				t.Errorf("a setting that would break out of SET: %q", name)
			}
		}
		rest := body
		if r.data != nil {
			data, err := io.ReadAll(r.data)
			if err != nil || string(data) != body {
				t.Errorf("data %q became %q, %v", body, data, err)
			}
			rest = ""
		}
		if !strings.HasSuffix(r.sql, rest) || r.database == "" || r.format == "" {
			t.Errorf("%+v", r)
		}
	})
}

func FuzzParseException(f *testing.F) {
	f.Add("Code: 60. DB::Exception: Unknown table. (UNKNOWN_TABLE)")
	f.Add("Code: 0.")
	f.Add("Code: 999999999999. x")
	f.Add("")
	f.Fuzz(func(t *testing.T, text string) {
		ex := parseException(text)
		if ex.code <= 0 || ex.code > 999_999_999 || !strings.Contains(ex.Error(), text) {
			t.Errorf("%q became %#v", text, ex)
		}
	})
}
