package kit

import (
	"aftersales-ledger/api/imports"
	"aftersales-ledger/domain"
	"context"
	"encoding/json"
)

// columnsOf are the headings that a request names, itself and by a layout.
func (s *Service) ColumnsOf(ctx context.Context, kind, layout, columns string) (map[string]string, error) {
	named, err := readColumns(columns)
	if err != nil {
		return nil, err
	}
	return imports.Columns(ctx, s.Deps.Ledger, kind, layout, named)
}

func readColumns(s string) (columns map[string]string, err error) {
	if s == "" {
		return nil, nil
	}
	if err := json.Unmarshal([]byte(s), &columns); err != nil {
		return nil, domain.Invalid("columns", domain.Clip(s), "bad-columns", `must be a JSON object of headings by field, such as {"reference":"业务编号"}`, "")
	}
	return columns, nil
}
