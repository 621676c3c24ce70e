package esdbtest

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	api "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// Delete implements the service: a soft delete, which is a $metadata event.
func (s *Server) Delete(_ context.Context, req *api.DeleteReq) (*api.DeleteResp, error) {
	name := string(req.GetOptions().GetStreamIdentifier().GetStreamName())
	_, at, err := s.cluster.describe(name, fmt.Appendf(nil, `{"$tb":%d}`, softly))
	if err != nil {
		return nil, status.Error(codes.Unavailable, err.Error())
	}
	return &api.DeleteResp{PositionOption: &api.DeleteResp_Position_{
		Position: &api.DeleteResp_Position{CommitPosition: at, PreparePosition: at},
	}}, nil
}

// Tombstone implements the service.
func (s *Server) Tombstone(_ context.Context, req *api.TombstoneReq) (*api.TombstoneResp, error) {
	name := string(req.GetOptions().GetStreamIdentifier().GetStreamName())
	at, err := s.cluster.tombstone(name)
	if err != nil {
		return nil, status.Error(codes.Unavailable, err.Error())
	}
	return &api.TombstoneResp{PositionOption: &api.TombstoneResp_Position_{
		Position: &api.TombstoneResp_Position{CommitPosition: at, PreparePosition: at},
	}}, nil
}

// Own returns the last event of a stream of the server's own: its type and data,
// nothing if there is none.
func (s *Server) Own(stream string) (kind, data string) {
	c := s.cluster
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, r := range c.system {
		if r.event.Stream == stream {
			kind, data = r.kind, string(r.event.Data)
		}
	}
	return kind, data
}

// streamDeleted answers a call on a stream with a tombstone.
func streamDeleted(trailers func(metadata.MD), name string) error {
	trailers(metadata.Pairs("exception", "stream-deleted", "stream-name", name))
	return status.Errorf(codes.FailedPrecondition, "Event stream '%s' is deleted.", name)
}

// account is somebody who may sign in.
type account struct {
	user, password string
	groups         []string
}

// admins is the group that may do everything.
const admins = "$admins"

// mayReadAll reports whether the ACL of $all lets somebody read the log: the
// administrators always, others when it names one of their groups.
func (s *Server) mayReadAll(who *account) bool {
	if who == nil || slices.Contains(who.groups, admins) {
		return true
	}
	c := s.cluster
	c.mu.Lock()
	defer c.mu.Unlock()
	var acl struct {
		Read json.RawMessage `json:"$r"`
	}
	if st := c.streams["$all"]; st == nil || json.Unmarshal(st.meta.ACL, &acl) != nil {
		return false
	}
	for _, group := range append(slices.Clone(who.groups), who.user, "$all") {
		if strings.Contains(string(acl.Read), `"`+group+`"`) {
			return true
		}
	}
	return false
}

// mayDescribe reports whether somebody may set streams' metadata and read what
// is the server's own: administrators, and on streams of others whoever may
// write them.
func mayDescribe(who *account, stream string) bool {
	return who == nil || slices.Contains(who.groups, admins) || !strings.HasPrefix(stream, "$")
}
