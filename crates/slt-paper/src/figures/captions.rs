//! What the figures and tables show, in our words: those of the paper there, those beyond it here.

/// What the paper shows there; of a figure beyond it, what it is to show. Empty for what is no figure.
pub(super) fn caption(id: &str) -> &'static str {
    match id {
        "fig1" => {
            "The tickets of one fixed network on moons from 25 searches with different seeds: connections that are in at \
             least 80 % of them, and the active connections of one ticket."
        }
        "fig2" => "The data sets moons, circles, blobs and digits, and the architectures A to D.",
        "table1" => "The parameters of the genetic algorithm.",
        "table2" => "The hyper-parameters of backpropagation that a random search found.",
        "fig3" => {
            "Test accuracies on moons (a) and circles (b) for A to D, of GA and GA (adaptive AB), with backpropagation as \
             reference; (c) the means. The accuracy grows with the size of the network; on moons, D reaches about 100 %."
        }
        "fig4" => {
            "A successful run of GA (adaptive AB) on circles with B: (a) training accuracy, about 91 % after 100 \
             generations; (b) sparsity of the fittest individual, highest of the generation, highest so far."
        }
        "fig5" => {
            "Edge-popup with three initialisations on moons and circles. Uniform weights and biases are best on the larger \
             networks; on circles, both Kaiming initialisations stay at 50 %."
        }
        "fig6" => {
            "Means and 95 % bands of the better GA configuration, edge-popup with half of the weights and with the GA's \
             sparsity, and backpropagation; the GA's sparsity below; (c) the mixed models. The GA is between edge-popup \
             and backpropagation."
        }
        "table6c" => {
            "Linear mixed models of pairs of algorithms: the algorithm as fixed effect, architecture and initialisation as \
             crossed random intercepts."
        }
        "fig7" => {
            "Blobs with 2 to 10 classes. With the accuracy as objective (a), more than five classes get worse and worse; with the \
             cross-entropy (b), most are solved again."
        }
        "fig8" => {
            "Loss (a) and accuracy (b) on a plane of two random directions around a ticket of blobs-10. The loss is close to \
             convex, the accuracy is not; raw data make minima sharper than normalized ones."
        }
        "fig9" => {
            "Blobs with 2 to 10 classes: GA, GA (normalized), edge-popup and backpropagation; (b) the table. The normalized GA \
             is on a par with backpropagation, edge-popup below both."
        }
        "fig10" => {
            "Digits with 2, 3, 4, 5 and 10 classes: GA, GA (not normalized), edge-popup and backpropagation; (b) the table. \
             Edge-popup is a little ahead of the GA here."
        }
        "fig11" => {
            "Digits: mean sparsity of the tickets before and after post-evolutionary pruning. Evolution leaves about half of the \
             weights; pruning removes nearly all that are left for two classes, fewer for more classes."
        }
        "beyond-accuracy" => {
            "A memetic search (local searches with single flips, crossed neuron by neuron) beside the paper's genetic algorithm, \
             edge-popup and backpropagation on all data of the paper: mean test accuracies with 95 % intervals."
        }
        "beyond-work" => {
            "Test accuracy of the best mask so far, by training data, over the multiply-adds with active weights: searches that may \
             all take the same, with edge-popup and backpropagation as points; below, the memetic search without its parts."
        }
        "front" => {
            "Test accuracy against sparsity: the memetic search with rising prices of active weights, the fronts of NSGA-II, \
             the paper's genetic algorithm after pruning on training data, and edge-popup at 50 %."
        }
        _ => "",
    }
}
