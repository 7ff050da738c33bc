{{/*
What a TOML text sets, without a TOML reader: Helm has none that all its versions know.

Takes the text, gives JSON:
  values   full key -> value as written, quotes of plain words removed; other texts read as nothing
  tables   full name of each table, however it was written, and of those around it -> true
  inline   full name of each table written as { … } -> true
  escapes  true when a key is spelt with a backslash, so that what it names cannot be told

Headers, dotted keys, quoted keys, inline tables over several lines, comments and texts that look like any of these are told
apart; whether the text is valid TOML is for the daemon to say.
*/}}
{{- define "perf-sentinel.toml" -}}
{{- /* Comments go, quoted plain words lose their quotes, a quoted text with a backslash becomes one backslash, others nothing. */ -}}
{{- $text := . | replace "\r\n" "\n" -}}
{{- $lexer := "\"\"\"(?s:\\\\.|[^\\\\])*?\"\"\"|(?s:'''.*?''')|\"([A-Za-z0-9_-]+)\"|'([A-Za-z0-9_-]+)'|\"[^\"\\\\\\n]*(\\\\)(?:.(?:\\\\.|[^\"\\\\\\n])*)?\"|\"[^\"\\\\\\n]*\"|'[^'\\n]*'|#[^\\n]*" -}}
{{- $text = regexReplaceAll $lexer $text "${1}${2}${3}" -}}
{{- $values := dict -}}
{{- $tables := dict -}}
{{- $inline := dict -}}
{{- $escapes := false -}}
{{- $table := "" -}}
{{- $prefix := "" -}}
{{- $key := "" -}}
{{- $path := "" -}}
{{- $mode := "key" -}}
{{- $open := list -}}
{{- range $token := regexFindAll "[A-Za-z0-9_+:-]+|[\\\\.=,{}\\[\\]\\n]" (printf "%s\n" $text) -1 -}}
  {{- if and (eq $token "\\") (ne $mode "value") -}}
    {{- $escapes = true -}}
  {{- end -}}
  {{- if eq $mode "header" -}}
    {{- if eq $token "\n" -}}
      {{- $table = default "-" $table -}}
      {{- $prefix = $table -}}
      {{- $key = "" -}}
      {{- $mode = "key" -}}
      {{- $parts := splitList "." $table -}}
      {{- range $n, $_ := $parts -}}
        {{- $_ := set $tables (join "." (slice $parts 0 (add $n 1 | int))) true -}}
      {{- end -}}
    {{- else if not (has $token (list "[" "]")) -}}
      {{- $table = print $table $token -}}
    {{- end -}}
  {{- else if eq $mode "key" -}}
    {{- if and (eq $token "[") (eq $key "") (not $open) -}}
      {{- $table = "" -}}
      {{- $mode = "header" -}}
    {{- else if eq $token "=" -}}
      {{- $path = ternary $key (printf "%s.%s" $prefix $key) (eq $prefix "") -}}
      {{- $_ := set $values $path "" -}}
      {{- /* a.b.c = … makes the tables a and a.b */ -}}
      {{- $parts := splitList "." $path -}}
      {{- range $n, $_ := initial $parts -}}
        {{- $_ := set $tables (join "." (slice $parts 0 (add $n 1 | int))) true -}}
      {{- end -}}
      {{- $mode = "value" -}}
    {{- else if eq $token "\n" -}}
      {{- if not $open -}}{{- $key = "" -}}{{- end -}}
    {{- else if and (eq $token "}") $open -}}
      {{- $prefix = (last $open).prefix -}}
      {{- $open = initial $open -}}
      {{- $mode = "value" -}}
    {{- else if ne $token "," -}}
      {{- $key = print $key $token -}}
    {{- end -}}
  {{- else -}}
    {{- if eq $token "{" -}}
      {{- $open = append $open (dict "closes" "}" "prefix" $prefix "path" $path) -}}
      {{- $_ := set $inline $path true -}}
      {{- $_ := set $tables $path true -}}
      {{- $prefix = $path -}}
      {{- $key = "" -}}
      {{- $mode = "key" -}}
    {{- else if eq $token "[" -}}
      {{- $open = append $open (dict "closes" "]" "prefix" $prefix "path" $path) -}}
    {{- else if has $token (list "}" "]") -}}
      {{- if $open -}}
        {{- $prefix = (last $open).prefix -}}
        {{- $path = (last $open).path -}}
        {{- $open = initial $open -}}
      {{- end -}}
    {{- else if eq $token "," -}}
      {{- if and $open (eq (last $open).closes "}") -}}
        {{- $key = "" -}}
        {{- $mode = "key" -}}
      {{- end -}}
    {{- else if eq $token "\n" -}}
      {{- if not $open -}}
        {{- $prefix = $table -}}
        {{- $key = "" -}}
        {{- $mode = "key" -}}
      {{- end -}}
    {{- else if not $open -}}
      {{- $_ := set $values $path (print (get $values $path) $token) -}}
    {{- else if eq (last $open).closes "}" -}}
      {{- $_ := set $values $path (print (get $values $path) $token) -}}
    {{- end -}}
  {{- end -}}
{{- end -}}
{{- dict "values" $values "tables" $tables "inline" $inline "escapes" $escapes | toJson -}}
{{- end -}}
