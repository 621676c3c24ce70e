// Package files keeps the contents of attachments, each under the SHA-256 of
// its bytes: in a folder, or in a bucket of an S3-compatible store.
package files

import (
	"context"
	"fmt"
	"strings"

	"aftersales-ledger/eventstore/ledger"
)

// Open returns the place that a location names:
//
//	DIR                                       a folder, made on first use
//	s3://BUCKET[/PREFIX]?endpoint=URL&region=R  a bucket that exists
//
// An endpoint is https://host[:port] or http://…; without one it is Amazon's.
// Keys come from the environment (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, or
// MINIO_…), from ~/.aws/credentials, or from the machine's role.
func Open(ctx context.Context, location string) (ledger.Files, error) {
	switch scheme, _, found := strings.Cut(location, "://"); {
	case location == "":
		return nil, fmt.Errorf("attachments: no folder or bucket is named")
	case !found:
		return openFolder(location)
	case scheme == "s3":
		return openBucket(ctx, location)
	default:
		return nil, fmt.Errorf("attachments: %s://… is not known; name a folder or s3://BUCKET", scheme)
	}
}
