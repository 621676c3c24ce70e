package chdb

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unsafe"

	"aftersales-ledger/domain"
)

// conn is one session of the engine. It runs one statement at a time, and the
// engine does not check that: whoever uses a conn owns it.
type conn struct {
	lib    *native
	handle unsafe.Pointer // the address of the engine's own handle; nil until first used
	mark   string         // the log_comment that tells this session's queries apart in system.processes

	// The session is stateful while an HTTP request is not, so each request
	// brings the session to the state it asks for.
	database string
	settings map[string]string
	base     map[string]string // the settings the session was opened with

	// stale says that the state of the session is no longer known; it is
	// closed instead of reused.
	stale bool
}

func (c *conn) id() uintptr { return *(*uintptr)(c.handle) }

// dial opens the session.
func (c *conn) dial(args []string) error {
	for _, name := range slices.Sorted(maps.Keys(c.base)) {
		args = append(args, "--"+name+"="+c.base[name])
	}
	handle, err := c.lib.open(append(args, "--log_comment="+c.mark))
	if err != nil {
		return err
	}
	c.handle, c.database, c.settings, c.stale = handle, defaultDatabase, nil, false
	return nil
}

// close ends the session. Nothing may be running on it.
func (c *conn) close() {
	if c.handle != nil {
		c.lib.closeConn(c.handle)
		c.handle = nil
	}
}

// request is what an HTTP request asks of the engine.
type request struct {
	sql      string
	format   string // of the answer, or of data
	database string
	settings map[string]string
	params   []param
	data     io.Reader // the rows of an INSERT, or nil
}

// response is what the engine answered.
type response struct {
	body          *result // nil when there is nothing to read
	read, written uint64
}

// do brings the session to the state the request wants and runs it.
func (c *conn) do(r request) (response, error) {
	if err := c.prepare(r.database, r.settings); err != nil {
		return response{}, err
	}
	if r.data != nil {
		return c.insert(r)
	}
	return c.query(r)
}

// prepare selects the database and the settings of a request, saying nothing
// when the session already has them.
func (c *conn) prepare(database string, settings map[string]string) error {
	if database != c.database {
		if err := c.exec("USE " + quoteName(database)); err != nil {
			return err
		}
		c.database = database
	}
	var changes []string
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		if value, ok := c.settings[name]; !ok || value != settings[name] {
			changes = append(changes, name+" = "+quoteText(settings[name]))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(c.settings)) {
		if _, ok := settings[name]; ok {
			continue
		}
		if value, ok := c.base[name]; ok {
			changes = append(changes, name+" = "+quoteText(value))
		} else {
			changes = append(changes, name+" = DEFAULT")
		}
	}
	if len(changes) == 0 {
		return nil
	}
	if err := c.exec("SET " + strings.Join(changes, ", ")); err != nil {
		c.stale = true // some of them may have been set
		return err
	}
	c.settings = settings
	return nil
}

// exec runs a statement without an answer.
func (c *conn) exec(sql string) error {
	res := newResult(c.lib, call(c.lib.query, c.id(), sql, "Native", nil))
	defer res.free()
	return res.err()
}

func (c *conn) query(r request) (response, error) {
	a := analysis{size: uint32(unsafe.Sizeof(analysis{}))}
	if c.lib.classify(c.id(), unsafe.StringData(r.sql), uintptr(len(r.sql)), nil, 0, &a) == 0 {
		if a.statements > 1 {
			return response{}, exception{codeSyntax, "Syntax error (Multi-statements are not allowed)"}
		}
		c.stale = c.stale || a.class == classControl
	}
	res := newResult(c.lib, call(c.lib.query, c.id(), r.sql, r.format, r.params))
	if err := res.err(); err != nil {
		res.free()
		return response{}, err
	}
	// The engine does nothing with an empty text and answers it with what the
	// session answered last.
	if a.statements == 0 {
		res.free()
		return response{}, exception{codeSyntax, "Syntax error: Empty query"}
	}
	return res.response(), nil
}

// insert streams data into an INSERT. A query text would be cut at the query
// size limit; the stream has none.
func (c *conn) insert(r request) (response, error) {
	stream := call(c.lib.insert, c.id(), r.sql, r.format, r.params)
	defer c.lib.destroyInsert(stream)
	if text := c.lib.insertError(stream); text != "" {
		return response{}, parseException(text)
	}
	size, err := c.feed(stream, r.data)
	if err == nil && size == 0 {
		// The client sends an empty body when it fails to encode a batch.
		// Taking that for an insert of no rows would lose the batch silently.
		err = exception{codeNoData, "No data to insert"}
	}
	if err != nil {
		c.lib.cancelInsert(stream)
		return response{}, err
	}
	res := newResult(c.lib, c.lib.done(stream))
	if err := res.err(); err != nil {
		res.free()
		return response{}, err
	}
	return res.response(), nil
}

// feed copies data into an insert stream and returns how much there was.
func (c *conn) feed(stream uintptr, data io.Reader) (size int64, err error) {
	chunk := make([]byte, 256<<10)
	for {
		n, err := data.Read(chunk)
		size += int64(n)
		if n > 0 && c.lib.append(stream, &chunk[0], uintptr(n)) != 0 {
			return size, parseException(c.lib.insertError(stream))
		}
		switch {
		case err == io.EOF:
			return size, nil
		case err != nil:
			return size, err
		}
	}
}

// result reads an answer in the engine's memory in place, and gives the
// memory back when it is closed. It holds nothing of the session, which may
// already be running the next statement.
type result struct {
	lib *native

	mu     sync.Mutex // a read after the memory is gone would not panic but crash
	handle uintptr
	rest   []byte
}

func newResult(lib *native, handle uintptr) *result {
	return &result{lib: lib, handle: handle}
}

func (r *result) err() error {
	if r.handle == 0 {
		return domain.Failed(nil, "chdb: the engine gave no answer")
	}
	if text := r.lib.resultError(r.handle); text != "" {
		return parseException(text)
	}
	return nil
}

// response reads the counters and keeps the result only if it has a body.
func (r *result) response() response {
	out := response{read: r.lib.rowsRead(r.handle), written: r.lib.rowsWritten(r.handle)}
	size := r.lib.resultLength(r.handle)
	if size == 0 {
		r.free()
		return out
	}
	r.rest = unsafe.Slice(r.lib.resultBuffer(r.handle), size)
	out.body = r
	return out
}

func (r *result) free() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.handle != 0 {
		r.lib.destroyResult(r.handle)
		r.handle, r.rest = 0, nil
	}
}

// Read implements io.Reader.
func (r *result) Read(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.handle == 0 {
		return 0, http.ErrBodyReadAfterClose
	}
	if len(r.rest) == 0 {
		return 0, io.EOF
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

// Close implements io.Closer.
func (r *result) Close() error {
	r.free()
	return nil
}

// These are ClickHouse's own error codes for what this package refuses itself.
const (
	codeNotImplemented = 48
	codeSyntax         = 62
	codeNoData         = 108
	codeUnknown        = 1002
)

var codeNames = map[int]string{
	codeNotImplemented: "NOT_IMPLEMENTED",
	codeSyntax:         "SYNTAX_ERROR",
	codeNoData:         "NO_DATA_TO_INSERT",
	codeUnknown:        "UNKNOWN_EXCEPTION",
}

// exception is an error of the engine, which the client turns into a
// *clickhouse.Exception.
type exception struct {
	code int
	text string
}

// Error returns the text as a ClickHouse server would send it.
func (e exception) Error() string {
	if strings.HasPrefix(e.text, "Code: ") {
		return e.text
	}
	return fmt.Sprintf("Code: %d. DB::Exception: %s. (%s)", e.code, e.text, codeNames[e.code])
}

var codePrefix = regexp.MustCompile(`^Code: (\d{1,9})\.`)

// parseException reads the code out of the engine's error text.
func parseException(text string) exception {
	if match := codePrefix.FindStringSubmatch(text); match != nil {
		if code, err := strconv.Atoi(match[1]); err == nil && code > 0 {
			return exception{code, text}
		}
	}
	return exception{codeUnknown, text}
}

var nameEscapes = strings.NewReplacer("\\", "\\\\", "`", "\\`")

// quoteName quotes an identifier.
func quoteName(name string) string { return "`" + nameEscapes.Replace(name) + "`" }

var textEscapes = strings.NewReplacer(`\`, `\\`, `'`, `\'`)

// quoteText quotes a string literal.
func quoteText(text string) string { return "'" + textEscapes.Replace(text) + "'" }
