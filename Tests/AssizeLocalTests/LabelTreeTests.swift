import Testing

@testable import AssizeLocal

struct LabelTreeTests {
    @Test func `single-token labels hang from the root`() {
        let tree = LabelTree(labels: ["1", "2"], prefix: [7, 8], spelled: [[7, 8, 11], [7, 8, 12]])
        #expect(tree.forced == [7, 8])
        #expect(tree.depth == 1)
        #expect(tree.branches.isEmpty)
        #expect(
            tree.weights([0: [-0.6931471805599453, -1.3862943611198906]]).map { ($0 * 1e9).rounded() / 1e9 } == [
                0.5, 0.25,
            ]
        )
    }

    @Test func `a label that begins another loses what goes on to the longer one`() {
        // "1" is [11], "10" is [11, 20].
        let tree = LabelTree(labels: ["1", "10"], prefix: [7], spelled: [[7, 11], [7, 11, 20]])
        #expect(tree.branches == [LabelTree.Branch(nodes: [1], tokens: [11])])
        let half = -0.6931471805599453
        let weights = tree.weights([0: [half], 1: [half * 2]])
        #expect(abs(weights[0] - 0.5 * 0.75) < 1e-12)
        #expect(abs(weights[1] - 0.5 * 0.25) < 1e-12)
    }

    @Test func `a space that joins the label is not forced`() {
        // Behind "Score:" + " 4" the tokenizer makes one token of the space and the digit.
        let tree = LabelTree(labels: ["4", "5"], prefix: [7, 3], spelled: [[7, 40], [7, 50]])
        #expect(tree.forced == [7])
        #expect(tree.nodes.count == 3)
    }

    @Test func `labels that share their first tokens branch where they part`() {
        let tree = LabelTree(
            labels: ["Strongly agree", "Strongly disagree"],
            prefix: [7],
            spelled: [[7, 1, 2, 3], [7, 1, 2, 4]]
        )
        #expect(tree.forced == [7])
        #expect(tree.branches == [LabelTree.Branch(nodes: [1, 2], tokens: [1, 2])])
        let weights = tree.weights([0: [0], 1: [-1], 2: [-0.6931471805599453, -0.6931471805599453]])
        #expect(abs(weights[0] - 0.18393972058572117) < 1e-12)
        #expect(weights[0] == weights[1])
    }
}
