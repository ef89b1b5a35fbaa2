{{- define "hearth.name" -}}
{{- printf "%s" .Release.Name | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "hearth.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "hearth.labels" -}}
{{ include "hearth.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end -}}

{{- define "hearth.secret" -}}
{{- default (include "hearth.name" .) .Values.database.existingSecret -}}
{{- end -}}

{{- define "hearth.s3Secret" -}}
{{- default (include "hearth.name" .) .Values.storage.s3.existingSecret -}}
{{- end -}}

{{- define "hearth.s3Key" -}}
{{- if not .Values.storage.s3.existingSecret }}s3-{{ end -}}
{{- end -}}
