{{/* The pod of whichever workload is chosen: metadata and spec of its template. */}}
{{- define "perf-sentinel.pod" -}}
{{- $persistence := .Values.workload.statefulset.persistence -}}
{{- $checksum := printf "%s\n%s" (include "perf-sentinel.config" .) (toJson .Values.config.fragments) | sha256sum -}}
metadata:
  labels:
    {{- include "perf-sentinel.labels" (list . .Values.podLabels) | nindent 4 }}
  {{- with include "perf-sentinel.annotations" (list . (dict "checksum/config" $checksum) .Values.podAnnotations) }}
  {{- . | nindent 2 }}
  {{- end }}
spec:
  serviceAccountName: {{ include "perf-sentinel.serviceAccountName" . }}
  automountServiceAccountToken: {{ .Values.serviceAccount.automountServiceAccountToken }}
  {{- with .Values.image.pullSecrets }}
  imagePullSecrets:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  securityContext:
    {{- toYaml .Values.podSecurityContext | nindent 4 }}
  containers:
    - name: perf-sentinel
      image: {{ include "perf-sentinel.image" . | quote }}
      imagePullPolicy: {{ .Values.image.pullPolicy }}
      args:
        - watch
        - --config
        - /etc/perf-sentinel/.perf-sentinel.toml
        {{- with .Values.extraArgs }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      {{- with .Values.extraEnv }}
      env:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with .Values.extraEnvFrom }}
      envFrom:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      ports:
        - name: otlp-grpc
          containerPort: {{ .Values.service.ports.otlpGrpc.port | int }}
          protocol: TCP
        - name: otlp-http
          containerPort: {{ .Values.service.ports.otlpHttp.port | int }}
          protocol: TCP
      livenessProbe:
        {{- include "perf-sentinel.probe" (list . .Values.livenessProbe) | nindent 8 }}
      readinessProbe:
        {{- include "perf-sentinel.probe" (list . .Values.readinessProbe) | nindent 8 }}
      resources:
        {{- toYaml .Values.resources | nindent 8 }}
      securityContext:
        {{- toYaml .Values.securityContext | nindent 8 }}
      volumeMounts:
        - name: config
          mountPath: /etc/perf-sentinel/.perf-sentinel.toml
          subPath: perf-sentinel.toml
          readOnly: true
        {{- if .Values.config.fragments }}
        - name: fragments
          mountPath: /etc/perf-sentinel/.perf-sentinel.d
          readOnly: true
        {{- end }}
        - name: tmp
          mountPath: /tmp
        {{- if $persistence.enabled }}
        - name: data
          mountPath: /var/lib/perf-sentinel
        {{- end }}
        {{- with .Values.extraVolumeMounts }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
  volumes:
    - name: config
      configMap:
        name: {{ include "perf-sentinel.suffixed" (list . "config") }}
    {{- if .Values.config.fragments }}
    - name: fragments
      configMap:
        name: {{ include "perf-sentinel.suffixed" (list . "fragments") }}
    {{- end }}
    - name: tmp
      emptyDir: {}
    {{- with .Values.extraVolumes }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- range $key := list "nodeSelector" "tolerations" "affinity" "topologySpreadConstraints" }}
  {{- with get $.Values $key }}
  {{ $key }}:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- end }}
{{- end -}}
