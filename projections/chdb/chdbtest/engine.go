package chdbtest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// engine runs statements on the embedded engine by its own transport.
type engine struct {
	http.RoundTripper
	version string // what version() is to answer, if it is not the truth
}

// statement is what a client wants run.
type statement struct {
	sql      string
	format   string // of the answer
	database string
	settings map[string]string
	params   map[string]string
	data     io.Reader // the rows of an INSERT, or nil
}

// run returns the answer, complete, or an exception. The caller closes it.
func (e engine) run(ctx context.Context, s statement) (io.ReadCloser, error) {
	query := url.Values{"default_format": {s.format}}
	if s.database != "" {
		query.Set("database", s.database)
	}
	for name, value := range s.settings {
		query.Set(name, value)
	}
	for name, value := range s.params {
		query.Set("param_"+name, value)
	}
	if e.version != "" {
		s.sql = strings.ReplaceAll(s.sql, "version()", "'"+e.version+"'")
	}
	body := s.data
	if body == nil {
		body = strings.NewReader(s.sql)
	} else {
		query.Set("query", s.sql)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://embedded/?"+query.Encode(), body)
	if err != nil {
		return nil, err
	}
	answer, err := e.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	if answer.StatusCode != http.StatusOK {
		return nil, readException(answer)
	}
	return answer.Body, nil
}

// ask returns a short answer as text.
func (e engine) ask(ctx context.Context, sql string) (string, error) {
	return e.askText(ctx, statement{sql: sql})
}

func (e engine) askText(ctx context.Context, s statement) (string, error) {
	s.format = "TSVRaw"
	answer, err := e.run(ctx, s)
	if err != nil {
		return "", err
	}
	text, err := io.ReadAll(answer)
	return strings.TrimRight(string(text), "\n"), errors.Join(err, answer.Close())
}

// columns are the columns of what a SELECT answers: the engine tells them only
// with rows.
func (e engine) columns(ctx context.Context, s statement) (block, error) {
	s.sql = "DESCRIBE TABLE (" + s.sql + "\n)"
	text, err := e.askText(ctx, s)
	if err != nil {
		return block{}, err
	}
	var b block
	for row := range strings.Lines(text) {
		cells := strings.Split(strings.TrimRight(row, "\n"), "\t")
		if err := b.add(cells[0], cells[1]); err != nil {
			return block{}, err
		}
	}
	return b, nil
}

// exception is an error that clients are told.
type exception struct {
	code int
	text string
}

func (e exception) Error() string { return fmt.Sprintf("Code: %d. DB::Exception: %s", e.code, e.text) }

// These are ClickHouse's own error codes for what this package says itself.
const (
	codeNotImplemented       = 48
	codeUnexpectedPacket     = 101
	codeQueryWasCancelled    = 394
	codeAuthenticationFailed = 516
	codeUnknown              = 1002
)

var exceptionPrefix = regexp.MustCompile(`^Code: \d+\. DB::Exception: `)

func readException(answer *http.Response) error {
	text, err := io.ReadAll(answer.Body)
	if err := errors.Join(err, answer.Body.Close()); err != nil {
		return err
	}
	code, err := strconv.Atoi(answer.Header.Get("X-ClickHouse-Exception-Code"))
	if err != nil {
		return fmt.Errorf("an exception without a code: %s", text)
	}
	return exception{code, exceptionPrefix.ReplaceAllString(string(text), "")}
}

// asException is how a server tells of an error.
func asException(err error) exception {
	var e exception
	switch {
	case errors.As(err, &e):
		return e
	case errors.Is(err, context.Canceled):
		return exception{codeQueryWasCancelled, "Query was cancelled. (QUERY_WAS_CANCELLED)"}
	}
	return exception{codeUnknown, err.Error()}
}
