package checks

// escalation is a documented way from some actions to more rights. The ids and
// actions are those of DataDog's pathfinding.cloud (Apache-2.0; see NOTICE).
type escalation struct {
	id   string
	kind escalationKind
	// service is whom a role is passed to, as iam:PassedToService and the role's
	// trust policy name it; "" where none is passed.
	service string
	actions []string
}

type escalationKind uint8

const (
	passes    escalationKind = iota // starts something that runs as a role which is passed to it
	existing                        // takes over something that runs as a role already
	takesOver                       // becomes another role or user
	editsSelf                       // edits its own policies: self-escalation's
)

// escalations are all paths, in the order of their ids.
var escalations = []escalation{
	{"apprunner-001", passes, "tasks.apprunner.amazonaws.com", []string{"iam:PassRole", "apprunner:CreateService"}},
	{"apprunner-002", existing, "", []string{"apprunner:UpdateService"}},
	{"bedrock-001", passes, "bedrock-agentcore.amazonaws.com", []string{"iam:PassRole", "bedrock-agentcore:CreateCodeInterpreter", "bedrock-agentcore:StartCodeInterpreterSession", "bedrock-agentcore:InvokeCodeInterpreter"}},
	{"bedrock-002", existing, "", []string{"bedrock-agentcore:StartCodeInterpreterSession", "bedrock-agentcore:InvokeCodeInterpreter"}},
	{"cloudformation-001", passes, "cloudformation.amazonaws.com", []string{"iam:PassRole", "cloudformation:CreateStack"}},
	{"cloudformation-002", existing, "", []string{"cloudformation:UpdateStack"}},
	{"cloudformation-003", passes, "cloudformation.amazonaws.com", []string{"iam:PassRole", "cloudformation:CreateStackSet", "cloudformation:CreateStackInstances"}},
	{"cloudformation-004", passes, "cloudformation.amazonaws.com", []string{"iam:PassRole", "cloudformation:UpdateStackSet"}},
	{"cloudformation-005", existing, "", []string{"cloudformation:CreateChangeSet", "cloudformation:ExecuteChangeSet"}},
	{"codebuild-001", passes, "codebuild.amazonaws.com", []string{"iam:PassRole", "codebuild:CreateProject", "codebuild:StartBuild"}},
	{"codebuild-002", existing, "", []string{"codebuild:StartBuild"}},
	{"codebuild-003", existing, "", []string{"codebuild:StartBuildBatch"}},
	{"codebuild-004", passes, "codebuild.amazonaws.com", []string{"iam:PassRole", "codebuild:CreateProject", "codebuild:StartBuildBatch"}},
	{"datapipeline-001", passes, "datapipeline.amazonaws.com", []string{"iam:PassRole", "datapipeline:CreatePipeline", "datapipeline:PutPipelineDefinition", "datapipeline:ActivatePipeline"}},
	{"ec2instanceconnect-003", existing, "", []string{"ec2-instance-connect:SendSSHPublicKey", "ec2:DescribeInstances"}},
	{"ec2-001", passes, "ec2.amazonaws.com", []string{"iam:PassRole", "ec2:RunInstances"}},
	{"ec2-002", existing, "", []string{"ec2:ModifyInstanceAttribute", "ec2:StopInstances", "ec2:StartInstances"}},
	{"ec2-003", passes, "ec2.amazonaws.com", []string{"iam:PassRole", "ec2:RequestSpotInstances"}},
	{"ec2-004", existing, "", []string{"ec2:CreateLaunchTemplateVersion", "ec2:ModifyLaunchTemplate"}},
	{"ecs-001", passes, "ecs-tasks.amazonaws.com", []string{"iam:PassRole", "ecs:CreateCluster", "ecs:RegisterTaskDefinition", "ecs:CreateService"}},
	{"ecs-002", passes, "ecs-tasks.amazonaws.com", []string{"iam:PassRole", "ecs:CreateCluster", "ecs:RegisterTaskDefinition", "ecs:RunTask"}},
	{"ecs-003", passes, "ecs-tasks.amazonaws.com", []string{"iam:PassRole", "ecs:RegisterTaskDefinition", "ecs:CreateService"}},
	{"ecs-004", passes, "ecs-tasks.amazonaws.com", []string{"iam:PassRole", "ecs:RegisterTaskDefinition", "ecs:RunTask"}},
	{"ecs-005", passes, "ecs-tasks.amazonaws.com", []string{"iam:PassRole", "ecs:RegisterTaskDefinition", "ecs:StartTask"}},
	{"glue-001", passes, "glue.amazonaws.com", []string{"iam:PassRole", "glue:CreateDevEndpoint"}},
	{"glue-002", existing, "", []string{"glue:UpdateDevEndpoint"}},
	{"glue-003", passes, "glue.amazonaws.com", []string{"iam:PassRole", "glue:CreateJob", "glue:StartJobRun"}},
	{"glue-004", passes, "glue.amazonaws.com", []string{"iam:PassRole", "glue:CreateJob", "glue:CreateTrigger"}},
	{"glue-005", passes, "glue.amazonaws.com", []string{"iam:PassRole", "glue:UpdateJob", "glue:StartJobRun"}},
	{"glue-006", passes, "glue.amazonaws.com", []string{"iam:PassRole", "glue:UpdateJob", "glue:CreateTrigger"}},
	{"iam-001", editsSelf, "", []string{"iam:CreatePolicyVersion"}},
	{"iam-002", takesOver, "", []string{"iam:CreateAccessKey"}},
	{"iam-003", takesOver, "", []string{"iam:CreateAccessKey", "iam:DeleteAccessKey"}},
	{"iam-004", takesOver, "", []string{"iam:CreateLoginProfile"}},
	{"iam-005", editsSelf, "", []string{"iam:PutRolePolicy"}},
	{"iam-006", takesOver, "", []string{"iam:UpdateLoginProfile"}},
	{"iam-007", editsSelf, "", []string{"iam:PutUserPolicy"}},
	{"iam-008", editsSelf, "", []string{"iam:AttachUserPolicy"}},
	{"iam-009", editsSelf, "", []string{"iam:AttachRolePolicy"}},
	{"iam-010", editsSelf, "", []string{"iam:AttachGroupPolicy"}},
	{"iam-011", editsSelf, "", []string{"iam:PutGroupPolicy"}},
	{"iam-012", takesOver, "", []string{"iam:UpdateAssumeRolePolicy"}},
	{"iam-013", editsSelf, "", []string{"iam:AddUserToGroup"}},
	{"iam-014", takesOver, "", []string{"iam:AttachRolePolicy", "sts:AssumeRole"}},
	{"iam-015", takesOver, "", []string{"iam:AttachUserPolicy", "iam:CreateAccessKey"}},
	{"iam-016", takesOver, "", []string{"iam:CreatePolicyVersion", "sts:AssumeRole"}},
	{"iam-017", takesOver, "", []string{"iam:PutRolePolicy", "sts:AssumeRole"}},
	{"iam-018", takesOver, "", []string{"iam:PutUserPolicy", "iam:CreateAccessKey"}},
	{"iam-019", takesOver, "", []string{"iam:AttachRolePolicy", "iam:UpdateAssumeRolePolicy"}},
	{"iam-020", takesOver, "", []string{"iam:CreatePolicyVersion", "iam:UpdateAssumeRolePolicy"}},
	{"iam-021", takesOver, "", []string{"iam:PutRolePolicy", "iam:UpdateAssumeRolePolicy"}},
	{"lambda-001", passes, "lambda.amazonaws.com", []string{"iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"}},
	{"lambda-002", passes, "lambda.amazonaws.com", []string{"iam:PassRole", "lambda:CreateFunction", "lambda:CreateEventSourceMapping"}},
	{"lambda-003", existing, "", []string{"lambda:UpdateFunctionCode"}},
	{"lambda-004", existing, "", []string{"lambda:UpdateFunctionCode", "lambda:InvokeFunction"}},
	{"lambda-005", existing, "", []string{"lambda:UpdateFunctionCode", "lambda:AddPermission"}},
	{"lambda-006", passes, "lambda.amazonaws.com", []string{"iam:PassRole", "lambda:CreateFunction", "lambda:AddPermission"}},
	{"sagemaker-001", passes, "sagemaker.amazonaws.com", []string{"iam:PassRole", "sagemaker:CreateNotebookInstance"}},
	{"sagemaker-002", passes, "sagemaker.amazonaws.com", []string{"iam:PassRole", "sagemaker:CreateTrainingJob"}},
	{"sagemaker-003", passes, "sagemaker.amazonaws.com", []string{"iam:PassRole", "sagemaker:CreateProcessingJob"}},
	{"sagemaker-004", existing, "", []string{"sagemaker:CreatePresignedNotebookInstanceUrl"}},
	{"sagemaker-005", existing, "", []string{"sagemaker:CreateNotebookInstanceLifecycleConfig", "sagemaker:StopNotebookInstance", "sagemaker:UpdateNotebookInstance", "sagemaker:StartNotebookInstance"}},
	{"ssm-001", existing, "", []string{"ssm:StartSession"}},
	{"ssm-002", existing, "", []string{"ssm:SendCommand"}},
	{"sts-001", takesOver, "", []string{"sts:AssumeRole"}},
}
