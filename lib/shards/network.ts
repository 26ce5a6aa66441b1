import { Fn, type Stack, Validations } from 'aws-cdk-lib';
import { type ISecurityGroup, type IVpc, SecurityGroup, type SubnetSelection, Vpc } from 'aws-cdk-lib/aws-ec2';
import type { ExistingNetwork } from '#lib/settings.ts';

/** The network of the functions that connect to Postgres. */
export interface ShardNetwork {
  vpc: IVpc;
  subnets: SubnetSelection;
  functions: ISecurityGroup;
}

/** An existing network; its subnets need routes to the shards and to the AWS services that the functions use. */
export const existingNetwork = (stack: Stack, { vpcId, subnetIds, securityGroupId }: ExistingNetwork): ShardNetwork => {
  const vpc = Vpc.fromVpcAttributes(stack, 'ExistingVpc', {
    vpcId,
    availabilityZones: subnetIds.map((_, zone) => Fn.select(zone, Fn.getAzs())),
    privateSubnetIds: [...subnetIds],
  });
  Validations.of(vpc).acknowledge({
    id: 'Annotation::@aws-cdk/aws-ec2:noSubnetRouteTableId',
    reason: 'The app adds no routes to existing subnets.',
  });
  return {
    vpc,
    subnets: { subnets: vpc.privateSubnets },
    functions: SecurityGroup.fromSecurityGroupId(stack, 'ExistingSecurityGroup', securityGroupId, { mutable: false }),
  };
};
