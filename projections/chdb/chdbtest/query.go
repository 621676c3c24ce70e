package chdbtest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"regexp"
	"strings"

	"github.com/ClickHouse/ch-go/proto"
)

// errCut ends a session whose connection is no more.
var errCut = errors.New("the connection is cut")

// hungUp tells the end of a connection from bytes that make no sense.
func hungUp(err error) bool {
	return errors.Is(err,
		io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) || errors.As(err, new(net.Error))
}

var (
	// insertRows is an INSERT whose rows follow in blocks.
	insertRows = regexp.MustCompile(`(?is)^\s*INSERT\s+INTO\s+([^\s(]+)\s*(?:\((.*)\))?\s+FORMAT\s+Native\s*$`)
	insertAny  = regexp.MustCompile(`(?i)^\s*INSERT\s`)
	comments   = regexp.MustCompile(`(?m)^\s*--.*$`)
	selecting  = regexp.MustCompile(`(?i)^\s*(SELECT|WITH)\s`)
)

// query runs a statement to its end. An error ends the session.
func (s *session) query(ctx context.Context, q proto.Query, packets <-chan packet) error {
	s.compressed = q.Compression == proto.CompressionEnabled
	what, err := s.statement(q)
	if err == nil {
		err = noExternalTables(packets)
	}
	switch {
	case errors.Is(err, errCut):
		return err
	case err != nil:
		return errors.Join(s.sendException(err), err)
	}
	if insert := insertRows.FindStringSubmatch(what.sql); insert != nil {
		err = s.insert(ctx, what, insert[1], insert[2], packets)
	} else {
		err = s.answer(ctx, what, packets)
	}
	var told exception
	if errors.As(err, &told) {
		return s.sendException(told)
	}
	return err
}

func (s *session) statement(q proto.Query) (statement, error) {
	what := statement{
		sql: q.Body, format: "Native", database: s.database,
		settings: make(map[string]string), params: make(map[string]string),
	}
	for _, setting := range q.Settings {
		if setting.Custom {
			return statement{}, exception{codeNotImplemented, "chdbtest: the custom setting " + setting.Key}
		}
		what.settings[setting.Key] = setting.Value
	}
	for _, p := range q.Parameters {
		value, err := restoreText(p.Value)
		if err != nil {
			return statement{}, err
		}
		what.params[p.Key] = value
	}
	return what, nil
}

var fieldEscapes = strings.NewReplacer(`\\`, `\`, `\'`, `'`, `\n`, "\n", `\r`, "\r", `\t`, "\t", `\0`, "\x00")

// restoreText reads a text as query parameters are sent: quoted, as a server
// dumps its fields.
func restoreText(dump string) (string, error) {
	if len(dump) < 2 || dump[0] != '\'' || dump[len(dump)-1] != '\'' {
		return "", exception{codeNotImplemented, "chdbtest: a parameter that is not a quoted text: " + dump}
	}
	return fieldEscapes.Replace(dump[1 : len(dump)-1]), nil
}

// noExternalTables reads what comes between a query and its answer: the blocks
// of external tables, and an empty one.
func noExternalTables(packets <-chan packet) error {
	p, ok := <-packets
	switch {
	case !ok:
		return errCut
	case p.err != nil:
		return p.err
	case p.code != proto.ClientCodeData:
		return unexpected(p)
	case !p.block.empty():
		return exception{codeNotImplemented, "chdbtest: the external table " + p.table}
	}
	return nil
}

// outcome is what the engine made of a statement.
type outcome struct {
	answer io.ReadCloser
	err    error
}

func (s *session) start(ctx context.Context, what statement) <-chan outcome {
	done := make(chan outcome, 1)
	go func() {
		answer, err := s.server.engine.run(ctx, what)
		done <- outcome{answer, err}
	}()
	return done
}

// answer runs a statement that takes no rows.
func (s *session) answer(ctx context.Context, what statement, packets <-chan packet) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	done := s.start(ctx, what)
	select {
	case p, ok := <-packets: // a client that does not want the answer any more
		cancel()
		if out := <-done; out.err == nil {
			_ = out.answer.Close()
		}
		if ok && p.code != proto.ClientCodeCancel {
			return errors.Join(s.sendException(unexpected(p)), errCut)
		}
		return errCut
	case out := <-done:
		if out.err != nil {
			return asException(out.err)
		}
		defer out.answer.Close()
		if insertAny.MatchString(what.sql) && s.server.cut(AfterInsert) {
			return errCut
		}
		return s.sendAnswer(ctx, what, out.answer)
	}
}

// sendAnswer sends the columns, the rows block by block, and what a server has
// to say about them.
func (s *session) sendAnswer(ctx context.Context, what statement, answer io.Reader) error {
	in := proto.NewReader(answer)
	var rows, blocks int
	for {
		b, err := readBlock(in, formatNative)
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil && blocks == 0 {
			err = s.sendHeader(b)
		}
		if err == nil {
			err = s.sendBlock(b)
		}
		if err != nil {
			return err
		}
		rows, blocks = rows+b.rows, blocks+1
	}
	if blocks == 0 && selecting.MatchString(comments.ReplaceAllString(what.sql, "")) {
		b, err := s.server.engine.columns(ctx, what)
		if err != nil {
			return asException(err)
		}
		if err := s.sendHeader(b); err != nil {
			return err
		}
	}
	if err := s.send(func(b *proto.Buffer) {
		proto.Profile{Rows: uint64(rows), Blocks: uint64(blocks)}.EncodeAware(b, s.revision)
		proto.ServerCodeProgress.Encode(b)
		proto.Progress{Rows: uint64(rows)}.EncodeAware(b, s.revision)
	}); err != nil {
		return err
	}
	return s.sendEnd()
}

func (s *session) sendHeader(b block) error {
	header, err := b.header()
	if err != nil {
		return err
	}
	if err := s.sendBlock(header); err != nil {
		return err
	}
	if s.server.cut(DuringAnswer) {
		return errCut
	}
	return nil
}

// insert tells the client the columns and streams the blocks it then sends
// into the engine, up to an empty one.
func (s *session) insert(ctx context.Context, what statement, table, names string, packets <-chan packet) error {
	if names == "" {
		names = "*"
	}
	sample := what
	sample.sql = fmt.Sprintf("SELECT %s FROM %s", names, table)
	columns, err := s.server.engine.columns(ctx, sample)
	if err != nil {
		return asException(err)
	}
	if err := s.send(func(b *proto.Buffer) {
		proto.TableColumns{Second: describe(columns)}.EncodeAware(b, s.revision)
	}); err != nil {
		return err
	}
	if err := s.sendBlock(columns); err != nil {
		return err
	}

	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var feed *io.PipeWriter // nil before the first block: an INSERT of no rows is none
	var done <-chan outcome
	for {
		p, ok := <-packets
		switch {
		case ok && p.err == nil && p.code == proto.ClientCodeData && p.block.empty():
			if feed == nil {
				return s.sendEnd()
			}
			_ = feed.Close()
			out := <-done
			if out.err != nil {
				return asException(out.err)
			}
			_ = out.answer.Close()
			if s.server.cut(AfterInsert) {
				return errCut
			}
			return s.sendEnd()
		case ok && p.err == nil && p.code == proto.ClientCodeData:
			if feed == nil {
				what.data, feed = io.Pipe()
				done = s.start(ctx, what)
			}
			var data proto.Buffer
			if err := p.block.encode(&data, formatNative); err != nil {
				return s.abandon(feed, done, err)
			}
			// If the engine has refused, the client is told when it has sent
			// all, as by a server.
			_, _ = feed.Write(data.Buf)
			if s.server.cut(DuringInsert) {
				return s.abandon(feed, done, errCut)
			}
		case ok && p.err == nil && p.code != proto.ClientCodeCancel:
			return s.abandon(feed, done, errors.Join(s.sendException(unexpected(p)), errCut))
		default:
			return s.abandon(feed, done, errCut)
		}
	}
}

// abandon ends an INSERT without its rows.
func (s *session) abandon(feed *io.PipeWriter, done <-chan outcome, err error) error {
	if feed != nil {
		_ = feed.CloseWithError(err)
		if out := <-done; out.err == nil {
			_ = out.answer.Close()
		}
	}
	return err
}
