package chdb

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	chproto "github.com/ClickHouse/ch-go/proto"
	"github.com/ClickHouse/clickhouse-go/v2/lib/column"
	"github.com/ClickHouse/clickhouse-go/v2/lib/proto"
)

// RoundTripper returns the transport that answers ClickHouse's HTTP protocol
// from the engine, whatever host the request names.
func (e *Engine) RoundTripper() http.RoundTripper { return transport{e} }

type transport struct{ engine *Engine }

// RoundTrip implements http.RoundTripper.
func (t transport) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Body != nil {
		// Closing also stops the client's writer, and a reader left behind by
		// a cancelled insert.
		defer func() { _ = req.Body.Close() }()
	}
	r, err := parseRequest(req)
	if err != nil {
		return answerError(req, err)
	}
	if r.sql == helloQuery && r.data == nil {
		return t.answerHello(req)
	}
	res, err := t.engine.run(req.Context(), r)
	if err != nil {
		return answerError(req, err)
	}
	answer := newAnswer(req, http.StatusOK)
	answer.Header.Set("X-ClickHouse-Summary", fmt.Sprintf(`{"read_rows":"%d","written_rows":"%d"}`, res.read, res.written))
	answer.Header.Set("X-ClickHouse-Format", r.format)
	if res.body != nil {
		answer.Body, answer.ContentLength = res.body, int64(len(res.body.rest))
	}
	return answer, nil
}

// helloQuery is how clickhouse-go asks a server who it is.
const helloQuery = "SELECT displayName(), version(), revision(), timezone()"

// answerHello claims protocol revision 0, because the engine writes its
// native blocks in the form of that revision and the client reads all blocks
// in the form of the revision it was told. This one block is still in the
// form the client asked for.
func (t transport) answerHello(req *http.Request) (*http.Response, error) {
	select {
	case <-t.engine.closing:
		return nil, ErrClosed
	default:
	}
	revision, err := strconv.ParseUint(req.URL.Query().Get("client_protocol_version"), 10, 64)
	if err != nil {
		return answerError(req, exception{codeNotImplemented, "client_protocol_version is missing"})
	}
	block := proto.NewBlock()
	for _, col := range []struct {
		name, kind string
		value      any
	}{
		{"displayName()", "String", "chDB"},
		{"version()", "String", t.engine.hello.version},
		{"revision()", "UInt32", uint32(0)},
		{"timezone()", "String", t.engine.hello.timezone},
	} {
		if err := block.AddColumn(col.name, column.Type(col.kind)); err != nil {
			return nil, err
		}
		if err := block.Columns[len(block.Columns)-1].AppendRow(col.value); err != nil {
			return nil, err
		}
	}
	var buffer chproto.Buffer
	if err := block.Encode(&buffer, revision); err != nil {
		return nil, err
	}
	answer := newAnswer(req, http.StatusOK)
	answer.Body, answer.ContentLength = io.NopCloser(bytes.NewReader(buffer.Buf)), int64(len(buffer.Buf))
	return answer, nil
}

// transportParams are the URL parameters of the HTTP interface that are not
// settings, and mean nothing within a process.
var transportParams = map[string]bool{
	"buffer_size":             true,
	"client_protocol_version": true,
	"database":                true,
	"default_format":          true,
	"password":                true,
	"query":                   true,
	"query_id":                true,
	"quota_key":               true,
	"user":                    true,
	"wait_end_of_query":       true,
	// The engine finds the query to kill by this setting.
	"log_comment": true,
}

// refusedParams change how a request is to be understood, so that ignoring
// them would be wrong.
var refusedParams = []string{"compress", "decompress", "role", "session_id"}

var (
	settingName  = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.]*$`)
	insertFormat = regexp.MustCompile(`(?is)^(\s*INSERT\s.*\S)\s+FORMAT\s+(\w+)[\s;]*$`)
)

// parseRequest reads a request of the HTTP protocol.
func parseRequest(req *http.Request) (request, error) {
	query, err := url.ParseQuery(req.URL.RawQuery)
	if err != nil {
		return request{}, exception{codeSyntax, "Malformed URL parameters: " + err.Error()}
	}
	for _, name := range refusedParams {
		if value := query.Get(name); value != "" && value != "0" {
			return request{}, exception{codeNotImplemented, "The embedded engine does not support " + name}
		}
	}
	if encoding := req.Header.Get("Content-Encoding"); encoding != "" {
		return request{}, exception{codeNotImplemented, "The embedded engine does not support the compression " + encoding}
	}
	if strings.HasPrefix(req.Header.Get("Content-Type"), "multipart/") {
		return request{}, exception{codeNotImplemented, "The embedded engine does not support external tables"}
	}

	r := request{format: "TSV", database: defaultDatabase}
	if format := query.Get("default_format"); format != "" {
		r.format = format
	}
	if database := query.Get("database"); database != "" {
		r.database = database
	}
	for name := range query {
		value := query.Get(name)
		if bound, ok := strings.CutPrefix(name, "param_"); ok {
			r.params = append(r.params, param{bound, value})
			continue
		}
		if transportParams[name] {
			continue
		}
		if !settingName.MatchString(name) {
			return request{}, exception{codeSyntax, "Not the name of a setting: " + strconv.Quote(name)}
		}
		if r.settings == nil {
			r.settings = make(map[string]string)
		}
		r.settings[name] = value
	}

	// As on a server, the statement is the parameter and the body together,
	// except that the data of an INSERT is not read into memory.
	r.sql = query.Get("query")
	body := req.Body
	if body == nil {
		body = http.NoBody
	}
	if match := insertFormat.FindStringSubmatch(r.sql); match != nil {
		r.sql, r.format, r.data = match[1], match[2], body
		return r, nil
	}
	text, err := io.ReadAll(body)
	if err != nil {
		return request{}, err
	}
	r.sql += string(text)
	return r, nil
}

func newAnswer(req *http.Request, status int) *http.Response {
	return &http.Response{
		Status:     fmt.Sprintf("%d %s", status, http.StatusText(status)),
		StatusCode: status,
		Proto:      "HTTP/1.1",
		ProtoMajor: 1,
		ProtoMinor: 1,
		Header:     make(http.Header),
		Body:       http.NoBody,
		Request:    req,
	}
}

// answerError lets exceptions reach the client as a server would send them;
// other errors are failures of the transport itself.
func answerError(req *http.Request, err error) (*http.Response, error) {
	var ex exception
	if !errors.As(err, &ex) {
		return nil, err
	}
	answer := newAnswer(req, http.StatusInternalServerError)
	answer.Header.Set("X-ClickHouse-Exception-Code", strconv.Itoa(ex.code))
	text := ex.Error()
	answer.Body, answer.ContentLength = io.NopCloser(strings.NewReader(text)), int64(len(text))
	return answer, nil
}
