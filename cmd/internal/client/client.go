// Package client speaks to a ledger's HTTP API: to a running server, or to a
// handler in the same process. There is no second way for a tool to read or
// change a ledger.
package client

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"

	"aftersales-ledger/api/kit"
	"aftersales-ledger/api/wording"
)

// Client makes requests in one actor's name.
type Client struct {
	Base  string // such as http://127.0.0.1:8080
	Token string // bearer token
	HTTP  *http.Client
	// Language is what refusals are said in; the server's choice, Chinese, if empty.
	Language wording.Language
}

// InProcess returns a client of a handler, without a network.
func InProcess(h http.Handler, token string) *Client {
	return &Client{Base: "http://ledger", Token: token, HTTP: &http.Client{Transport: handlerTransport{h}}}
}

// handlerTransport answers requests by a handler in the process.
type handlerTransport struct{ handler http.Handler }

func (t handlerTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	t.handler.ServeHTTP(w, r)
	return w.Result(), nil
}

// Request is one call. Body is sent as it is.
type Request struct {
	Method      string
	Path        string // with query
	Key         string // idempotency key of a command
	ContentType string // of Body; JSON if empty
	Body        []byte
}

// Response is an answer of any status.
type Response struct {
	Status int
	Body   []byte
}

// Do makes a call. The error is the transport's; a refusal is a Response.
func (c *Client) Do(ctx context.Context, r Request) (Response, error) {
	req, err := http.NewRequestWithContext(ctx, r.Method, c.Base+r.Path, bytes.NewReader(r.Body))
	if err != nil {
		return Response{}, err
	}
	if c.Token != "" {
		req.Header.Set("Authorization", "Bearer "+c.Token)
	}
	if c.Language != "" {
		req.Header.Set("Accept-Language", string(c.Language))
	}
	if r.Key != "" {
		req.Header.Set("Idempotency-Key", r.Key)
	}
	if len(r.Body) > 0 {
		contentType := r.ContentType
		if contentType == "" {
			contentType = "application/json"
		}
		req.Header.Set("Content-Type", contentType)
	}
	resp, err := c.HTTP.Do(req)
	if err != nil {
		return Response{}, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return Response{resp.StatusCode, body}, err
}

// Fetch makes a call and decodes its answer into out. A refusal is returned as
// the *api.Problem the ledger answered with.
func (c *Client) Fetch(ctx context.Context, r Request, out any) error {
	body, err := c.Download(ctx, r)
	if err != nil {
		return err
	}
	return json.Unmarshal(body, out)
}

// Download makes a call and returns its answer as it is, or the refusal as
// Fetch does.
func (c *Client) Download(ctx context.Context, r Request) ([]byte, error) {
	resp, err := c.Do(ctx, r)
	if err != nil {
		return nil, err
	}
	if resp.Status >= http.StatusBadRequest {
		var p kit.Problem
		if json.Unmarshal(resp.Body, &p) == nil && p.Detail != "" {
			return nil, &p
		}
		return nil, fmt.Errorf("%s %s answered %d: %s", r.Method, r.Path, resp.Status, resp.Body)
	}
	return resp.Body, nil
}
