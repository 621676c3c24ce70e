package kit

import (
	"context"
	"encoding/json"

	"aftersales-ledger/api/imports"
	"aftersales-ledger/api/imports/sheet"
	"aftersales-ledger/domain"
)

// ColumnsOf are the headings that a request names for a file, itself (columns)
// and by a layout; o says how else the file is read.
func (s *Service) ColumnsOf(
	ctx context.Context, kind, layout, columns string, file []byte, o sheet.Options,
) (map[string]string, error) {
	named, err := readColumns(columns)
	if err != nil {
		return nil, err
	}
	o.Columns = named
	return imports.FileColumns(ctx, s.Ledger(ctx), kind, layout, file, o)
}

func readColumns(s string) (columns map[string]string, err error) {
	if s == "" {
		return nil, nil
	}
	if err := json.Unmarshal([]byte(s), &columns); err != nil {
		return nil, domain.Invalid("columns", domain.Clip(s), "bad-columns",
			`must be a JSON object of headings by field, such as {"流水号":"业务编号"}`, "")
	}
	return columns, nil
}
