"""Where no engine exists for the platform: moto's DynamoDB behind HTTP, one request at a time, in memory."""
import os
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

from botocore.awsrequest import AWSPreparedRequest, HeadersDict

from .engine import HERE

AWS = {"DynamoDB_20120810": "https://dynamodb.us-east-1.amazonaws.com/",
       "DynamoDBStreams_20120810": "https://streams.dynamodb.us-east-1.amazonaws.com/"}


class Handler(BaseHTTPRequestHandler):
    """Hands each request to moto as if it went to AWS. A GET says that the engine is up."""

    stub: Any = None

    def do_GET(self) -> None:
        self._answer(200, {}, b"healthy: moto")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        service = self.headers.get("X-Amz-Target", "").partition(".")[0]
        if service not in AWS:
            return self._answer(400, {}, b'{"__type": "UnknownOperationException"}')
        request = AWSPreparedRequest("POST", AWS[service], HeadersDict(self.headers.items()), body, stream_output=False)
        status, headers, content = self.stub.process_request(request)
        self._answer(status, headers, content.encode() if isinstance(content, str) else content)

    def _answer(self, status: int, headers: dict[str, Any], content: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            if name.lower() != "content-length":
                self.send_header(name, str(value))
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        """A line per request would drown the other parts."""


if __name__ == "__main__":
    os.environ["MOTO_ALLOW_NONEXISTENT_REGION"] = "true"
    from moto.core.botocore_stubber import BotocoreStubber  # reads the environment when imported

    Handler.stub = BotocoreStubber()
    HTTPServer((HERE, int(sys.argv[1])), Handler).serve_forever()
