package chdbtest

import (
	"fmt"

	"github.com/ClickHouse/ch-go/proto"
)

// block is a part of a table, column by column.
//
// The format Native that the engine reads and writes is the encoding of
// protocol revision 0: no block info, and no flag in front of each column.
// What a client speaks has both. Neither touches the values.
type block struct {
	columns []column
	rows    int
}

const formatNative = 0 // the revision of the format Native

type column struct {
	name string
	data *proto.ColAuto
}

// add adds a column without rows.
func (b *block) add(name, kind string) error {
	c := column{name, new(proto.ColAuto)}
	if err := c.data.Infer(proto.ColumnType(kind)); err != nil {
		return exception{codeNotImplemented, fmt.Sprintf("chdbtest: column %s: %v", name, err)}
	}
	c.data.DataType = proto.ColumnType(kind) // not set for all of them
	b.columns = append(b.columns, c)
	return nil
}

// empty reports whether b is the block that ends a row of blocks.
func (b block) empty() bool { return len(b.columns) == 0 }

// header is the columns of b without their rows.
func (b block) header() (block, error) {
	var h block
	for _, c := range b.columns {
		if err := h.add(c.name, c.data.Type().String()); err != nil {
			return block{}, err
		}
	}
	return h, nil
}

// readBlock fails with io.EOF if there is none.
func readBlock(r *proto.Reader, revision int) (b block, err error) {
	if proto.FeatureBlockInfo.In(revision) {
		if err := new(proto.BlockInfo).Decode(r); err != nil {
			return block{}, err
		}
	}
	columns, err := r.Int()
	if err != nil {
		return block{}, err
	}
	if b.rows, err = r.Int(); err != nil {
		return block{}, err
	}
	for range columns {
		if err := b.readColumn(r, revision); err != nil {
			return block{}, err
		}
	}
	return b, nil
}

func (b *block) readColumn(r *proto.Reader, revision int) error {
	name, err := r.Str()
	if err != nil {
		return err
	}
	kind, err := r.Str()
	if err != nil {
		return err
	}
	if proto.FeatureCustomSerialization.In(revision) {
		if custom, err := r.Bool(); err != nil || custom {
			return fmt.Errorf("column %s: custom serialization %t, %w", name, custom, err)
		}
	}
	if err := b.add(name, kind); err != nil || b.rows == 0 {
		return err
	}
	data := b.columns[len(b.columns)-1].data.Data
	if stateful, ok := data.(proto.StateDecoder); ok {
		if err := stateful.DecodeState(r); err != nil {
			return err
		}
	}
	return data.DecodeColumn(r, b.rows)
}

func (b block) encode(to *proto.Buffer, revision int) error {
	if proto.FeatureBlockInfo.In(revision) {
		proto.BlockInfo{BucketNum: -1}.Encode(to)
	}
	to.PutInt(len(b.columns))
	to.PutInt(b.rows)
	for _, c := range b.columns {
		proto.InputColumn{Name: c.name, Data: c.data}.EncodeStart(to, revision)
		if b.rows == 0 {
			continue
		}
		if p, ok := c.data.Data.(proto.Preparable); ok {
			if err := p.Prepare(); err != nil {
				return err
			}
		}
		if stateful, ok := c.data.Data.(proto.StateEncoder); ok {
			stateful.EncodeState(to)
		}
		c.data.EncodeColumn(to)
	}
	return nil
}
