package projections

import (
	"errors"
	"net/url"
	"strings"

	// ClickHouse's client loads the zone of a DateTime column by name, and fails
	// on machines without a zone database.
	_ "time/tzdata"

	"github.com/ClickHouse/clickhouse-go/v2"

	"aftersales-ledger/domain"
	"aftersales-ledger/projections/chdb"
)

// Connector gives client options for one database of a ClickHouse. The
// embedded engine is one.
type Connector interface {
	Options(database string) *clickhouse.Options
}

// embeddedScheme begins a DSN that names a data folder of the engine in this
// process.
const embeddedScheme = "embedded:"

// connection is what a DSN leads to.
type connection struct {
	Connector
	database string // named by the DSN, or empty
	secret   string
	close    func() error
}

func connect(dsn string) (connection, error) {
	if dir, ok := strings.CutPrefix(dsn, embeddedScheme); ok {
		return connectEmbedded(dir)
	}
	scheme, _, _ := strings.Cut(dsn, "://")
	switch scheme {
	case "clickhouse", "http", "https":
		return connectServer(dsn)
	}
	return connection{},
		domain.Failed(nil, "the ClickHouse DSN begins with none of clickhouse://, http://, https:// and embedded: (which name a server or a data folder)")
}

func connectEmbedded(dir string) (connection, error) {
	if dir == "" {
		return connection{}, domain.Failed(nil, "the ClickHouse DSN embedded: names no data folder")
	}
	engine, err := chdb.Open(dir, chdb.Options{})
	if err != nil {
		return connection{}, err
	}
	return connection{Connector: engine, close: engine.Close}, nil
}

func connectServer(dsn string) (connection, error) {
	if strings.Count(dsn, "@") > 1 {
		// Taken apart wrongly, parts of the password would pass for a host or a
		// database and be shown as such.
		return connection{},
			domain.Failed(nil, "the ClickHouse DSN holds more than one @; those in the password must be percent-encoded, as / must")
	}
	opts, err := clickhouse.ParseDSN(dsn)
	if err != nil {
		// The parser's error may quote the DSN, and with it the password.
		return connection{},
			domain.Failed(nil, "the ClickHouse DSN cannot be read; it must look like clickhouse://user:password@host:9000/database")
	}
	c := connection{
		Connector: server{opts},
		database:  opts.Auth.Database,
		secret:    opts.Auth.Password,
		close:     func() error { return nil },
	}
	return c, nil
}

// server is a ClickHouse server, reached with one set of options.
type server struct{ opts *clickhouse.Options }

// Options implements Connector.
func (s server) Options(database string) *clickhouse.Options {
	opts := *s.opts
	opts.Auth.Database = database
	// A batch writes its tables side by side while queries go on.
	opts.MaxOpenConns, opts.MaxIdleConns = 32, 8
	return &opts
}

// redacted is err with the password taken out of its text, in whichever form
// it may stand there, and the URLs of statements as well, which say nothing to
// people. What errors.Is and errors.As find in it stays.
func (c connection) redacted(err error) error {
	if err == nil {
		return nil
	}
	text := err.Error()
	if request := (*url.Error)(nil); errors.As(err, &request) {
		text = strings.ReplaceAll(text, request.Error(), request.Err.Error())
	}
	for _, form := range []string{c.secret, url.QueryEscape(c.secret), url.PathEscape(c.secret)} {
		if form != "" {
			text = strings.ReplaceAll(text, form, "•••")
		}
	}
	if text == err.Error() {
		return err
	}
	return &redactedError{text: text, err: err}
}

type redactedError struct {
	text string
	err  error
}

func (e *redactedError) Error() string        { return e.text }
func (e *redactedError) Is(target error) bool { return errors.Is(e.err, target) }
func (e *redactedError) As(target any) bool   { return errors.As(e.err, target) }

// checkDatabaseName keeps names to what needs no quoting anywhere. It does not
// repeat the name: it may be the end of a password that was not written right.
func checkDatabaseName(name string) error {
	for i, r := range name {
		letter := r == '_' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
		if !letter && (i == 0 || r < '0' || r > '9') {
			return domain.Failed(nil, "the name of the ClickHouse database must hold only letters, digits and _, and not begin with a digit")
		}
	}
	return nil
}
