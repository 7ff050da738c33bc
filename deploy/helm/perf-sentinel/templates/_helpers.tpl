{{/* Names, labels and small pieces that several objects share. */}}

{{- define "perf-sentinel.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "perf-sentinel.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" -}}
{{- else if contains (include "perf-sentinel.name" .) .Release.Name -}}
{{- .Release.Name | trunc 63 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "perf-sentinel.name" .) | trunc 63 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* The full name with a suffix, within 63 characters as well. Takes a list: context, suffix. */}}
{{- define "perf-sentinel.suffixed" -}}
{{- $suffix := index . 1 -}}
{{- $room := sub 62 (len $suffix) | int -}}
{{- printf "%s-%s" (include "perf-sentinel.fullname" (index . 0) | trunc $room | trimSuffix "-") $suffix -}}
{{- end -}}

{{- define "perf-sentinel.headlessName" -}}
{{- default (include "perf-sentinel.suffixed" (list . "headless")) .Values.workload.statefulset.serviceName -}}
{{- end -}}

{{- define "perf-sentinel.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "perf-sentinel.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "perf-sentinel.image" -}}
{{- printf "%s:%s" .Values.image.repository (default .Chart.AppVersion .Values.image.tag) -}}
{{- end -}}

{{- define "perf-sentinel.selectorLabels" -}}
app.kubernetes.io/name: {{ include "perf-sentinel.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{/* Labels of an object. Takes a list: context, then maps of further labels; what the chart selects by cannot be overridden. */}}
{{- define "perf-sentinel.labels" -}}
{{- $context := index . 0 -}}
{{- $labels := dict
      "app.kubernetes.io/name" (include "perf-sentinel.name" $context)
      "app.kubernetes.io/instance" $context.Release.Name
      "app.kubernetes.io/version" ($context.Chart.AppVersion | toString)
      "app.kubernetes.io/managed-by" $context.Release.Service
      "helm.sh/chart" (printf "%s-%s" $context.Chart.Name $context.Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-") -}}
{{- range rest . -}}
{{- $labels = merge $labels . -}}
{{- end -}}
{{- toYaml (merge $labels $context.Values.commonLabels) -}}
{{- end -}}

{{/* "annotations:" with the common ones, or nothing. Takes a list: context, then maps of further annotations, which win. */}}
{{- define "perf-sentinel.annotations" -}}
{{- $annotations := dict -}}
{{- range rest . -}}
{{- $annotations = merge $annotations . -}}
{{- end -}}
{{- $annotations = merge $annotations (index . 0).Values.commonAnnotations -}}
{{- with $annotations -}}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end -}}
{{- end -}}

{{/* Yes when the daemon serves TLS, nothing otherwise. */}}
{{- define "perf-sentinel.tls" -}}
{{- $config := include "perf-sentinel.toml" .Values.config.toml | fromJson -}}
{{- if hasKey $config.values "daemon.tls_cert_path" -}}yes{{- end -}}
{{- end -}}

{{/* A probe, over HTTPS when the daemon serves TLS. Takes a list: context, probe. */}}
{{- define "perf-sentinel.probe" -}}
{{- $probe := deepCopy (index . 1) -}}
{{- if and (include "perf-sentinel.tls" (index . 0)) (hasKey $probe "httpGet") -}}
{{- $_ := set $probe "httpGet" (merge (dict) $probe.httpGet (dict "scheme" "HTTPS")) -}}
{{- end -}}
{{- toYaml $probe -}}
{{- end -}}

{{/* The daemon's configuration as it is mounted. */}}
{{- define "perf-sentinel.config" -}}
{{- .Values.config.toml | trimSuffix "\n" }}
{{- $persistence := .Values.workload.statefulset.persistence }}
{{- if and $persistence.enabled $persistence.manageDaemonPaths }}

# Added by the chart: workload.statefulset.persistence.manageDaemonPaths.
[daemon.ack]
storage_path = "/var/lib/perf-sentinel/acks/acks.jsonl"
{{- $config := include "perf-sentinel.toml" .Values.config.toml | fromJson }}
{{- if ne (get $config.values "green.enabled") "false" }}

[daemon.archive]
path = "/var/lib/perf-sentinel/archive.ndjson"
{{- end }}
{{- end }}
{{ end -}}

{{/* A whole number as such (Helm reads numbers as floating point), a share such as "25%" quoted. */}}
{{- define "perf-sentinel.count" -}}
{{- if kindIs "string" . -}}
{{- if regexMatch "^[0-9]+$" . -}}{{- . -}}{{- else -}}{{- quote . -}}{{- end -}}
{{- else -}}
{{- int . -}}
{{- end -}}
{{- end -}}
