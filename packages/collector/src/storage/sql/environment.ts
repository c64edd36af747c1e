import {
  AndNode,
  ColumnNode,
  IdentifierNode,
  JoinNode,
  OperationNodeTransformer,
  OperatorNode,
  BinaryOperationNode,
  PrimitiveValueListNode,
  ReferenceNode,
  TableNode,
  ValueListNode,
  ValueNode,
  ValuesNode,
  WhereNode,
  AliasNode,
  ParensNode,
  SelectQueryNode,
  type DeleteQueryNode,
  type InsertQueryNode,
  type KyselyPlugin,
  type OnConflictNode,
  type OperationNode,
  type PluginTransformQueryArgs,
  type PluginTransformResultArgs,
  type QueryId,
  type QueryResult,
  type RootOperationNode,
  type UnknownRow,
  type UpdateQueryNode,
  type ValuesItemNode,
} from 'kysely';
import type { EnvironmentId } from '../contract/directory/places.js';

/** At the head of the key of every table but the directory's. */
const COLUMN = 'environment';

/**
 * The one place that keeps environments apart. Queries are written as if there were only one; through
 * `db.withPlugin(new EnvironmentScope(id))` each reads, changes and inserts rows of that environment only.
 * What it cannot be sure of it refuses: raw SQL in place of a table, and common table expressions.
 */
export class EnvironmentScope implements KyselyPlugin {
  readonly #scoping: Scoping;

  constructor(environment: EnvironmentId) {
    this.#scoping = new Scoping(environment);
  }

  transformQuery({ node, queryId }: PluginTransformQueryArgs): RootOperationNode {
    return this.#scoping.transformNode(node, queryId);
  }

  async transformResult({ result }: PluginTransformResultArgs): Promise<QueryResult<UnknownRow>> {
    return result;
  }
}

class Scoping extends OperationNodeTransformer {
  readonly #environment: EnvironmentId;

  constructor(environment: EnvironmentId) {
    super();
    this.#environment = environment;
  }

  protected override transformSelectQuery(node: SelectQueryNode, queryId: QueryId): SelectQueryNode {
    const select = super.transformSelectQuery(refuseWith(node), queryId);
    return this.#limit(select, select.from?.froms ?? []);
  }

  protected override transformUpdateQuery(node: UpdateQueryNode, queryId: QueryId): UpdateQueryNode {
    const update = super.transformUpdateQuery(refuseWith(node), queryId);
    return this.#limit(update, [update.table!, ...(update.from?.froms ?? [])]);
  }

  protected override transformDeleteQuery(node: DeleteQueryNode, queryId: QueryId): DeleteQueryNode {
    const remove = super.transformDeleteQuery(refuseWith(node), queryId);
    return this.#limit(remove, [...remove.from.froms, ...(remove.using?.tables ?? [])]);
  }

  /** A condition beside the others of the join, so that outer joins stay what they are. */
  protected override transformJoin(node: JoinNode, queryId: QueryId): JoinNode {
    const join = super.transformJoin(node, queryId);
    const conditions = this.#conditions([join.table]);
    return conditions.reduce((joined, condition) => JoinNode.cloneWithOn(joined, condition), join);
  }

  protected override transformInsertQuery(node: InsertQueryNode, queryId: QueryId): InsertQueryNode {
    const insert = super.transformInsertQuery(refuseWith(node), queryId);
    if (insert.columns === undefined || insert.values === undefined || !ValuesNode.is(insert.values)) {
      throw new Error('Only rows of values are inserted into an environment.');
    }
    return {
      ...insert,
      columns: [ColumnNode.create(COLUMN), ...insert.columns],
      values: ValuesNode.create(insert.values.values.map((row) => this.#addTo(row))),
    };
  }

  protected override transformOnConflict(node: OnConflictNode, queryId: QueryId): OnConflictNode {
    const conflict = super.transformOnConflict(node, queryId);
    if (conflict.columns === undefined) return conflict;
    return { ...conflict, columns: [ColumnNode.create(COLUMN), ...conflict.columns] };
  }

  #limit<Query extends { readonly where?: WhereNode }>(
    query: Query,
    tables: readonly OperationNode[],
  ): Query {
    const where = this.#conditions(tables).reduce<WhereNode | undefined>(
      (all, condition) =>
        all === undefined
          ? WhereNode.create(condition)
          : WhereNode.create(AndNode.create(ParensNode.create(all.where), condition)),
      query.where,
    );
    return where === undefined ? query : { ...query, where };
  }

  #conditions(tables: readonly OperationNode[]): BinaryOperationNode[] {
    return tables.flatMap((table) => {
      const name = nameOf(table);
      return name === undefined ? [] : [this.#belongs(name)];
    });
  }

  #belongs(table: string): BinaryOperationNode {
    return BinaryOperationNode.create(
      ReferenceNode.create(ColumnNode.create(COLUMN), TableNode.create(table)),
      OperatorNode.create('='),
      ValueNode.create(this.#environment),
    );
  }

  #addTo(row: ValuesItemNode): ValuesItemNode {
    return PrimitiveValueListNode.is(row)
      ? PrimitiveValueListNode.create([this.#environment, ...row.values])
      : ValueListNode.create([ValueNode.create(this.#environment), ...row.values]);
  }
}

/** What a table is called in its query; nothing for a subquery, which is limited itself. */
function nameOf(node: OperationNode): string | undefined {
  if (TableNode.is(node)) return node.table.identifier.name;
  if (AliasNode.is(node) && IdentifierNode.is(node.alias)) {
    if (SelectQueryNode.is(node.node)) return undefined;
    if (TableNode.is(node.node)) return node.alias.name;
  }
  throw new Error(`A ${node.kind} in place of a table cannot be limited to an environment.`);
}

function refuseWith<Query extends { readonly with?: unknown }>(query: Query): Query {
  if (query.with === undefined) return query;
  throw new Error('Common table expressions cannot be limited to an environment.');
}
