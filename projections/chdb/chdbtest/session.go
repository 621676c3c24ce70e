package chdbtest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"

	"github.com/ClickHouse/ch-go/compress"
	"github.com/ClickHouse/ch-go/proto"
)

// revision is of the protocol that is spoken here. A client with an older one
// is answered in its own.
const revision = proto.Version

// session is one connection of the native protocol.
type session struct {
	server   *Server
	conn     net.Conn
	in       *proto.Reader
	out      proto.Buffer
	revision int
	database string

	// compressed is whether blocks of the statement under way are.
	compressed bool
	compressor *compress.Writer
}

func (s *Server) serveNative(ctx context.Context) {
	var sessions sync.WaitGroup
	defer sessions.Wait()
	for {
		conn, err := s.lis.Accept()
		if err != nil {
			return
		}
		sessions.Go(func() {
			defer conn.Close()
			session := &session{
				server: s, conn: conn, in: proto.NewReader(conn), revision: revision,
				compressor: compress.NewWriter(compress.LevelZero, compress.LZ4),
			}
			// The client sees the end of the connection; there is nobody else
			// to tell why.
			_ = session.run(ctx)
		})
	}
}

func (s *session) run(ctx context.Context) error {
	if err := s.greet(ctx); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	packets := make(chan packet)
	var receiving sync.WaitGroup
	defer receiving.Wait()
	defer s.conn.Close()
	defer cancel()
	receiving.Go(func() { s.receive(ctx, packets) })
	for p := range packets {
		switch {
		case p.err != nil:
			return s.sendException(p.err)
		case p.code == proto.ClientCodePing:
			if err := s.send(func(b *proto.Buffer) { proto.ServerCodePong.Encode(b) }); err != nil {
				return err
			}
		case p.code == proto.ClientCodeQuery:
			if err := s.query(ctx, p.query, packets); err != nil {
				return err
			}
		default:
			return s.sendException(unexpected(p))
		}
	}
	return nil
}

// greet is the handshake. A server tells of a database that does not exist
// here already.
func (s *session) greet(ctx context.Context) error {
	code, err := s.in.UVarInt()
	if err != nil {
		return err
	}
	if proto.ClientCode(code) != proto.ClientCodeHello {
		return s.sendException(exception{
			codeUnexpectedPacket, "Unexpected packet from client. (UNEXPECTED_PACKET_FROM_CLIENT)",
		})
	}
	var client proto.ClientHello
	if err := client.Decode(s.in); err != nil {
		return err
	}
	if err := s.server.login(client.User, client.Password); err != nil {
		return errors.Join(s.sendException(err), err)
	}
	s.database = client.Database
	if _, err := s.server.engine.askText(ctx, statement{sql: "SELECT 1", database: s.database}); err != nil {
		return errors.Join(s.sendException(err), err)
	}
	s.revision = min(s.revision, client.ProtocolVersion)
	version := s.server.versionParts()
	if err := s.send(func(b *proto.Buffer) {
		hello := proto.ServerHello{
			Name: "ClickHouse", DisplayName: "chdbtest", Timezone: s.server.timezone, Revision: revision,
			Major: version[0], Minor: version[1], Patch: version[2],
		}
		hello.EncodeAware(b, client.ProtocolVersion)
	}); err != nil {
		return err
	}
	if proto.FeatureAddendum.In(s.revision) {
		if _, err := s.in.Str(); err != nil { // the quota key
			return err
		}
	}
	return nil
}

// packet is what a client sends.
type packet struct {
	code  proto.ClientCode
	query proto.Query
	table string // the external table that block belongs to; empty: the rows of an INSERT
	block block
	err   error // the packet cannot be understood, and nothing after it
}

func unexpected(p packet) exception {
	return exception{
		codeUnexpectedPacket,
		fmt.Sprintf("Unexpected packet %s received from client. (UNEXPECTED_PACKET_FROM_CLIENT)", p.code),
	}
}

// receive passes on packets until the connection or ctx ends, so that a client
// that hangs up in the middle of a statement is noticed.
func (s *session) receive(ctx context.Context, to chan<- packet) {
	defer close(to)
	compressed := false
	for {
		code, err := s.in.UVarInt()
		if err != nil {
			return
		}
		p := packet{code: proto.ClientCode(code)}
		switch p.code {
		case proto.ClientCodeQuery:
			p.err = p.query.DecodeAware(s.in, s.revision)
			compressed = p.query.Compression == proto.CompressionEnabled
		case proto.ClientCodeData:
			p.table, p.block, p.err = s.readData(compressed)
		}
		if p.err != nil && hungUp(p.err) {
			return
		}
		select {
		case to <- p:
		case <-ctx.Done():
			return
		}
		if p.err != nil {
			return
		}
	}
}

func (s *session) readData(compressed bool) (table string, b block, err error) {
	if table, err = s.in.Str(); err != nil {
		return "", block{}, err
	}
	if compressed {
		s.in.EnableCompression()
		defer s.in.DisableCompression()
	}
	b, err = readBlock(s.in, s.revision)
	return table, b, err
}

// send writes one packet.
func (s *session) send(put func(*proto.Buffer)) error {
	s.out.Reset()
	put(&s.out)
	_, err := s.conn.Write(s.out.Buf)
	return err
}

func (s *session) sendException(err error) error {
	e := asException(err)
	return s.send(func(b *proto.Buffer) {
		proto.ServerCodeException.Encode(b)
		told := proto.Exception{Code: proto.Error(e.code), Name: "DB::Exception", Message: "DB::Exception: " + e.text}
		told.EncodeAware(b, s.revision)
	})
}

func (s *session) sendEnd() error {
	return s.send(func(b *proto.Buffer) { proto.ServerCodeEndOfStream.Encode(b) })
}

func (s *session) sendBlock(b block) error {
	var data proto.Buffer
	if err := b.encode(&data, s.revision); err != nil {
		return err
	}
	if s.compressed {
		if err := s.compressor.Compress(data.Buf); err != nil {
			return err
		}
		data.Buf = s.compressor.Data
	}
	return s.send(func(to *proto.Buffer) {
		proto.ServerCodeData.Encode(to)
		to.PutString("") // no external table
		to.PutRaw(data.Buf)
	})
}

// describe is what a server says of the columns of a table in front of an
// INSERT: text for the defaults of columns.
func describe(b block) string {
	var text strings.Builder
	fmt.Fprintf(&text, "columns format version: 1\n%d columns:\n", len(b.columns))
	for _, c := range b.columns {
		fmt.Fprintf(&text, "`%s` %s\n", c.name, c.data.Type())
	}
	return text.String()
}
