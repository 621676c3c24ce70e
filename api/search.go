package api

import (
	"context"

	"aftersales-ledger/api/kit"
	"aftersales-ledger/projections"
)

type searchInput struct {
	kit.CutParams
	Text string `query:"text" required:"true" minLength:"2" maxLength:"100" doc:"A part of a number, room, owner, telephone, serial, bank reference or name" example:"3单元504"`
}

func (s *service) search() {
	kit.Query(s.Service, "/v1/search", "search",
		"Whatever is known by a number or a word, at most eight of a kind", kit.MaySearch,
		func(ctx context.Context, in *searchInput) (out kit.List[projections.Found], err error) {
			var p kit.Parser
			cut, err := s.Cut(ctx, &p, in.CutParams)
			if err != nil {
				return out, err
			}
			found, err := s.Deps.ReadModels.Search(ctx, cut, in.Text)
			return kit.ListOf(found), err
		})
}
