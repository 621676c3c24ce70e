package papers

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"aftersales-ledger/api/kit"
	"aftersales-ledger/api/live"
	"aftersales-ledger/domain/attachment"
	"aftersales-ledger/eventstore/ledger"
)

type storeAttachmentInput struct {
	kit.BulkHeaders
	RawBody []byte `contentType:"application/octet-stream"`
	Name    string `query:"name" required:"true" maxLength:"255" example:"维修设备收费确认函.pdf" doc:"Name of the file"`
}

// AttachmentReceipt answers an attachment that is kept.
type AttachmentReceipt struct {
	kit.Receipt
	SHA256 string `json:"sha256" doc:"By which documents refer to it"`
	Name   string `json:"name" doc:"As its sender first stored it"`
	Type   string `json:"type" doc:"Told by the content"`
	Size   int64  `json:"size" doc:"Bytes"`
}

type attachmentInput struct {
	After  uint64 `query:"after" doc:"Accepted as by every question; an attachment is read where it is kept and is never behind"`
	SHA256 string `path:"sha256"`
}

// attachmentFile is a content as it was stored.
type attachmentFile struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	NoSniff     string `header:"X-Content-Type-Options"`
	ETag        string `header:"ETag"`
	Cache       string `header:"Cache-Control"`
	Body        []byte
}

func (s *service) attachments() {
	file := func() map[string]*huma.MediaType {
		content := make(map[string]*huma.MediaType)
		for _, kind := range attachment.MediaTypes() {
			content[string(kind)] = &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}
		}
		return content
	}
	post := kit.Operation(http.MethodPost, "/v1/attachments", "store-attachment",
		"Keep a paper, to be named by its SHA-256", kit.MayStorePapers)
	post.Description = "The body is the file itself: PDF, PNG, JPEG, EML or XLSX, told by its content and not by its name. Kept once: the same file again of the same person changes nothing. " + post.Description
	post.DefaultStatus, post.MaxBodyBytes, post.BodyReadTimeout = http.StatusCreated, attachment.MaxSize+1, 2*time.Minute
	post.RequestBody = &huma.RequestBody{Required: true, Content: file()}
	post.Errors = []int{400, 401, 403, 409, 413, 422, 503}
	huma.Register(s.API, post, func(
		ctx context.Context, in *storeAttachmentInput,
	) (*kit.Answer[AttachmentReceipt], error) {
		ref, o, err := s.Ledger(ctx).StoreAttachment(ctx, in.Request(ctx), in.Name, in.RawBody)
		if err != nil {
			return nil, s.Problem(ctx, err)
		}
		return kit.AnswerOf(AttachmentReceipt{
			Receipt: kit.ReceiptOf(string(ref.SHA256), o), SHA256: string(ref.SHA256), Name: ref.Name, Type: string(ref.Type),
			Size: ref.Size,
		}), nil
	})

	get := kit.Operation(http.MethodGet, "/v1/attachments/{sha256}", "read-attachment", "Read a paper", kit.MayReadPapers)
	get.Description = "By whoever stored it and, of the department, where a document names it that the reader may know of, by its role and reach. The content is held against its SHA-256 before it is answered. " + get.Description
	get.Errors = []int{401, 403, 404, 422, 500, 503}
	get.Responses = map[string]*huma.Response{"200": {Description: "The paper", Content: file()}}
	huma.Register(s.API, get, func(ctx context.Context, in *attachmentInput) (*attachmentFile, error) {
		who := kit.ActorOf(ctx)
		// A center's people are shown what they brought in themselves.
		ref, content, err := s.Ledger(ctx).ReadAttachment(ctx, ledger.AttachmentReader{
			Login: who.Name, May: func(stream string) bool { return !who.Role.OfCenter() && live.MayKnow(who.Role, stream) },
		}, attachment.Digest(in.SHA256))
		if err != nil {
			return nil, s.Problem(ctx, err)
		}
		return &attachmentFile{
			ContentType: string(ref.Type), Disposition: fmt.Sprintf("attachment; filename*=UTF-8''%s", url.PathEscape(ref.Name)),
			NoSniff: "nosniff", ETag: `"` + string(ref.SHA256) + `"`, Cache: "private, immutable", Body: content,
		}, nil
	})
}
