{{/* What must not be rendered. Every message says what to change. Called once, by the workload. */}}

{{- define "perf-sentinel.checks" -}}
{{- include "perf-sentinel.check.workload" . -}}
{{- include "perf-sentinel.check.config" . -}}
{{- include "perf-sentinel.check.fragments" . -}}
{{- if not (has .Values.ingress.servicePortName (list "otlp-http" "otlp-grpc")) -}}
{{- fail (printf "ingress.servicePortName is %q: set it to otlp-http or otlp-grpc" .Values.ingress.servicePortName) -}}
{{- end -}}
{{- end -}}

{{- define "perf-sentinel.check.workload" -}}
{{- $workload := .Values.workload -}}
{{- if not (has $workload.kind (list "Deployment" "DaemonSet" "StatefulSet")) -}}
{{- fail (printf "workload.kind is %q: set it to Deployment, DaemonSet or StatefulSet" $workload.kind) -}}
{{- end -}}
{{- if and (eq $workload.kind "DaemonSet") (not $workload.daemonset.spanRoutingByTraceId) -}}
{{- fail "workload.kind DaemonSet spreads the spans of a trace over nodes, and what is split is not found: have senders route by trace id (deploy/collector/sharded), then set workload.daemonset.spanRoutingByTraceId to true" -}}
{{- end -}}
{{- if and $workload.statefulset.persistence.enabled (ne $workload.kind "StatefulSet") -}}
{{- fail (printf "workload.statefulset.persistence.enabled needs workload.kind StatefulSet, which is %s: change the kind or switch persistence off" $workload.kind) -}}
{{- end -}}
{{- end -}}

{{/* Takes a list: what the text is called, what the scanner says of it. */}}
{{- define "perf-sentinel.check.escapes" -}}
{{- if (index . 1).escapes -}}
{{- fail (printf "%s spells a key with a backslash: write keys without escapes" (index . 0)) -}}
{{- end -}}
{{- end -}}

{{/* Takes a list: what the text is called, what the scanner says of it. */}}
{{- define "perf-sentinel.check.managed" -}}
{{- $name := index . 0 -}}
{{- $toml := index . 1 -}}
{{- range $section := list "daemon.ack" "daemon.archive" -}}
{{- if or (hasKey $toml.tables $section) (hasKey $toml.values $section) -}}
{{- fail (printf "%s sets [%s] while the chart manages its path: take the section out, or set workload.statefulset.persistence.manageDaemonPaths to false and put both paths below /var/lib/perf-sentinel yourself" $name $section) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "perf-sentinel.check.config" -}}
{{- if not (trim .Values.config.toml) -}}
{{- fail "config.toml is empty: give the daemon's configuration, at least [daemon] listen_address = \"0.0.0.0\"" -}}
{{- end -}}
{{- $toml := include "perf-sentinel.toml" .Values.config.toml | fromJson -}}
{{- include "perf-sentinel.check.escapes" (list "config.toml" $toml) -}}
{{- $ports := .Values.service.ports -}}
{{- range $row := list
      (list "listen_port_http" 4318 "otlpHttp" $ports.otlpHttp.port)
      (list "listen_port_grpc" 4317 "otlpGrpc" $ports.otlpGrpc.port) -}}
{{- $key := index $row 0 -}}
{{- $written := dig "values" (printf "daemon.%s" $key) (index $row 1 | toString) $toml -}}
{{- if ne ($written | replace "_" "" | int) (index $row 3 | int) -}}
{{- fail (printf "[daemon] %s is %s in config.toml and service.ports.%s.port is %d: make them equal" $key $written (index $row 2) (index $row 3 | int)) -}}
{{- end -}}
{{- end -}}
{{- $greenOff := eq (get $toml.values "green.enabled") "false" -}}
{{- if and $greenOff (hasKey $toml.tables "daemon.archive") -}}
{{- fail "config.toml has [daemon.archive] and switches green scoring off: the archive needs it; set [green] enabled = true or take the section out" -}}
{{- end -}}
{{- $persistence := .Values.workload.statefulset.persistence -}}
{{- if and $persistence.enabled $persistence.manageDaemonPaths -}}
{{- include "perf-sentinel.check.managed" (list "config.toml" $toml) -}}
{{- if hasKey $toml.inline "daemon" -}}
{{- fail "config.toml writes daemon = { … }, to which the chart cannot add [daemon.ack]: write it as a [daemon] section, or set workload.statefulset.persistence.manageDaemonPaths to false" -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "perf-sentinel.check.fragments" -}}
{{- $persistence := .Values.workload.statefulset.persistence -}}
{{- $main := include "perf-sentinel.toml" .Values.config.toml | fromJson -}}
{{- $taken := dict -}}
{{- range $name, $text := .Values.config.fragments -}}
{{- if not (regexMatch "^[0-9]{2}-[a-z0-9]+(-[a-z0-9]+)*\\.toml$" $name) -}}
{{- fail (printf "config.fragments: %q is no fragment's name: use two digits, a dash and lower-case words, as in 20-team.toml" $name) -}}
{{- end -}}
{{- $number := trunc 2 $name -}}
{{- if hasKey $taken $number -}}
{{- fail (printf "config.fragments: %s and %s have the same number: give each its own, it sets their order" (get $taken $number) $name) -}}
{{- end -}}
{{- $_ := set $taken $number $name -}}
{{- $called := printf "config.fragments %s" $name -}}
{{- $toml := include "perf-sentinel.toml" $text | fromJson -}}
{{- include "perf-sentinel.check.escapes" (list $called $toml) -}}
{{- range $key := list "listen_port_http" "listen_port_grpc" -}}
{{- if hasKey $toml.values (printf "daemon.%s" $key) -}}
{{- fail (printf "%s sets [daemon] %s: set it in config.toml, where it is compared with the Service" $called $key) -}}
{{- end -}}
{{- end -}}
{{- if eq (get $toml.values "green.enabled") "false" -}}
{{- fail (printf "%s switches green scoring off: do so in config.toml, where it is compared with the archive" $called) -}}
{{- end -}}
{{- if and (hasKey $toml.tables "daemon.archive") (eq (get $main.values "green.enabled") "false") -}}
{{- fail (printf "%s has [daemon.archive] and config.toml switches green scoring off: the archive needs it; set [green] enabled = true or take the section out" $called) -}}
{{- end -}}
{{- if and $persistence.enabled $persistence.manageDaemonPaths -}}
{{- include "perf-sentinel.check.managed" (list $called $toml) -}}
{{- end -}}
{{- end -}}
{{- end -}}
