#include "net/response_text.h"

#include <charconv>

namespace sentinel::net {
namespace {

void append_number(std::size_t number, std::string& out) {
  char digits[20];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
}

// Statuses that never have a body (RFC 9110 §6.4.1).
bool bodiless(int status) { return status < 200 || status == 204 || status == 304; }

}  // namespace

std::string_view reason_phrase(int status) {
  switch (status) {
    case 101:
      return "Switching Protocols";
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 301:
      return "Moved Permanently";
    case 302:
      return "Found";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 406:
      return "Not Acceptable";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 413:
      return "Payload Too Large";
    case 414:
      return "URI Too Long";
    case 415:
      return "Unsupported Media Type";
    case 422:
      return "Unprocessable Entity";
    case 426:
      return "Upgrade Required";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 503:
      return "Service Unavailable";
    case 507:
      return "Insufficient Storage";
    default:
      return {};
  }
}

void append_response(const Response& response, const ResponseForm& form, std::string& out) {
  out += form.version == 10 ? "HTTP/1.0 " : "HTTP/1.1 ";
  append_number(static_cast<std::size_t>(response.status), out);
  out += ' ';
  out += reason_phrase(response.status);
  out += "\r\n";
  for (const Header& header : response.headers) out.append(header.name).append(": ").append(header.value).append("\r\n");
  if (!bodiless(response.status)) {
    out += "content-length: ";
    append_number(response.body.size(), out);
    out += "\r\n";
  }
  if (!form.keep_alive) {
    out += "connection: close\r\n";
  } else if (form.version == 10) {
    out += "connection: keep-alive\r\n";
  }
  out.append("date: ").append(form.date).append("\r\n\r\n");
  if (!form.without_body && !bodiless(response.status)) out += response.body;
}

}  // namespace sentinel::net
